import { useMutation, useQueryClient } from '@tanstack/react-query'

import { answer, server } from '@/api/server'
import { ago } from '@/lib/format'
import { text } from '@/lib/text'
import { toast } from '@/lib/toasts'
import { Button } from '@/ui/Button'

import { listing as asked, type Listing } from './queries'

/** Look at one listing again, at Discogs. */
export function useCheck(id: number) {
  const client = useQueryClient()
  return useMutation({
    mutationFn: () =>
      answer(server.POST('/api/v1/listings/{listing_id}/check', { params: { path: { listing_id: id } } })),
    onSuccess: ({ state }) => {
      toast(text.listing.checked[state])
      void client.invalidateQueries({ queryKey: ['listings'] })
      return client.invalidateQueries({ queryKey: asked(id).queryKey })
    },
    onError: (error) => toast(error.message),
  })
}

/** How old the price is, and a new look at it, whose cost stands on the button. */
export function CheckButton({ listing, check }: { listing: Listing; check: ReturnType<typeof useCheck> }) {
  return (
    <p className="flex flex-wrap items-center gap-2 font-data text-data text-ink-2">
      {listing.price_read_at && (
        <span className={listing.is_stale ? 'font-semibold text-ink' : ''}>
          {text.listing.readAgo(ago(listing.price_read_at), listing.is_stale)}
        </span>
      )}
      {listing.gone_at === null && (
        <Button isSmall keyName="r" cost={text.pulls.oneRequest} isBusy={check.isPending} onClick={() => check.mutate()}>
          {text.listing.check}
        </Button>
      )}
    </p>
  )
}
