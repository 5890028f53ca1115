import { queryOptions, skipToken, useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useEffect, useState } from 'react'

import { answer, server } from '@/api/server'
import { many } from '@/lib/format'
import { text } from '@/lib/text'
import { toast } from '@/lib/toasts'
import { Asked } from '@/ui/Asked'
import { Bones } from '@/ui/Bones'
import { Button } from '@/ui/Button'
import { Dialog } from '@/ui/Dialog'

import type { Listing } from './queries'

const MOST = 100 // listings that the server checks at once
const LOOK_MILLISECONDS = 1_000

const cost = (ids: readonly number[]) =>
  queryOptions({
    queryKey: ['checks', 'cost', ids],
    queryFn: () =>
      answer(server.POST('/api/v1/listings/check/estimate', { body: { listing_ids: [...ids] } })),
    staleTime: 0, // it depends on what is left of the minute
  })

const check = (id: string | undefined) =>
  queryOptions({
    queryKey: ['checks', id],
    queryFn: id
      ? () => answer(server.GET('/api/v1/listings/check/{job_id}', { params: { path: { job_id: id } } }))
      : skipToken,
    refetchInterval: (query) => (query.state.data?.finished_at ? false : LOOK_MILLISECONDS),
  })

/** Old prices among some listings, and a way to have them read again, whose cost is told first. */
export function RefreshPrices({ listings }: { listings: readonly Listing[] }) {
  const [isOpen, setIsOpen] = useState(false)
  const { start, isChecking } = useChecks()
  const old = listings
    .filter((one) => one.is_stale && one.gone_at === null && one.discogs_listing_id !== null)
    .slice(0, MOST)
  if (isChecking) return <span role="status" className="note">{text.check.going}</span>
  if (old.length === 0) return null
  return (
    <>
      <Button isSmall onClick={() => setIsOpen(true)}>
        {text.check.old(old.length)}
      </Button>
      {isOpen && (
        <Cost
          ids={old.map((one) => one.id)}
          onClose={() => setIsOpen(false)}
          onStart={(ids) => {
            setIsOpen(false)
            start(ids)
          }}
        />
      )}
    </>
  )
}

interface CostProps {
  ids: readonly number[]
  onClose: () => void
  onStart: (ids: readonly number[]) => void
}

function Cost({ ids, onClose, onStart }: CostProps) {
  return (
    <Dialog title={text.check.oldTitle} onClose={onClose}>
      <Asked query={useQuery(cost(ids))} meanwhile={<Bones lines={2} />}>
        {({ sentence, requests }) => (
          <>
            <p className="mb-2">{sentence}</p>
            <p className="note mb-3">{text.check.oldWhy}</p>
            <p className="flex gap-2">
              <Button kind="main" cost={many(requests, 'request')} onClick={() => onStart(ids)}>
                {text.check.oldDo}
              </Button>
              <Button kind="bare" onClick={onClose}>
                {text.seller.notNow}
              </Button>
            </p>
          </>
        )}
      </Asked>
    </Dialog>
  )
}

/** Checks in the background; what came of them is told once, and shown. */
function useChecks() {
  const client = useQueryClient()
  const [id, setId] = useState<string>()
  const asked = useMutation({
    mutationFn: (ids: readonly number[]) =>
      answer(server.POST('/api/v1/listings/check', { body: { listing_ids: [...ids] } })),
    onSuccess: (job) => setId(job.id),
    onError: (error) => toast(error.message),
  })
  const { data } = useQuery(check(id))
  const isOver = Boolean(data?.finished_at)
  useEffect(() => {
    if (!data || !isOver) return
    toast(data.error ?? text.check.done(Object.values(data.states)))
    void client.invalidateQueries({ queryKey: ['listings'] })
    void client.invalidateQueries({ queryKey: ['home'] })
  }, [client, data, isOver])
  return { start: asked.mutate, isChecking: asked.isPending || (id !== undefined && !isOver) }
}
