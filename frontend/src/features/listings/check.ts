import { useMutation, useQueryClient } from '@tanstack/react-query'

import { answer, server } from '@/api/server'
import { money } from '@/lib/format'
import { text } from '@/lib/text'
import { toast } from '@/lib/toasts'

/** Ask Discogs for one listing: whether it is still for sale, and at which price. */
export function useCheck() {
  const client = useQueryClient()
  return useMutation({
    mutationFn: (id: number) =>
      answer(
        server.POST('/api/v1/listings/{listing_id}/check', { params: { path: { listing_id: id } } }),
      ),
    onSuccess: ({ listing, state, price_before }) => {
      toast(text.check.said(state, `${listing.artist}: ${listing.title}`, price_before && money(price_before)))
      void client.invalidateQueries({ queryKey: ['home'] })
      return client.invalidateQueries({ queryKey: ['listings'] })
    },
    onError: (error) => toast(error.message),
  })
}
