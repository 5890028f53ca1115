import { useQuery } from '@tanstack/react-query'
import { useMemo, useSyncExternalStore } from 'react'

import { answer, server } from '@/api/server'
import { session } from '@/api/session'
import { text } from '@/lib/text'
import { dismiss, toast } from '@/lib/toasts'

import { type Judged, Outbox, type Post, type Snapshot, type Verdict } from './outbox'

const post: Post = {
  judge: (verdicts) => answer(server.POST('/api/v1/judgements', { body: { verdicts } })),
  undo: (id) =>
    answer(
      server.POST('/api/v1/judgements/{judgement_id}/undo', {
        params: { path: { judgement_id: id } },
      }),
    ),
}
const outboxes = new Map<string, Outbox>()
const offers = new Map<string, number>() // toasts that offer to take a verdict back, by its key

/** Whoever signs in sends their own verdicts, and nobody else's that wait in this browser. */
function outboxOf(owner: string): Outbox {
  const known = outboxes.get(owner)
  if (known) return known
  const outbox = new Outbox(post, window.localStorage, owner)
  outboxes.set(owner, outbox)
  window.addEventListener('online', () => outbox.flush())
  return outbox
}

export interface Judging extends Snapshot {
  judge: (listing: { id: number; artist: string; title: string }, verdict: Verdict) => void
  undo: () => Judged | null
}

/** Keep, skip, undo; on every page the same. */
export function useJudging(): Judging {
  const { data: who } = useQuery(session())
  const outbox = outboxOf(who?.mode === 'server' ? (who.name ?? '') : '')
  const snapshot = useSyncExternalStore(outbox.subscribe, outbox.snapshot)
  const deeds = useMemo(() => deedsOf(outbox), [outbox])
  return useMemo(() => ({ ...snapshot, ...deeds }), [snapshot, deeds])
}

const deedsOf = (outbox: Outbox): Pick<Judging, 'judge' | 'undo'> => ({
  judge: ({ id, artist, title }, verdict) => {
    const judged = outbox.judge(id, `${artist}: ${title}`, verdict)
    const undo = () => outbox.undo(judged)
    offers.set(judged.key, toast(text.verdicts.said(judged.verdict, judged.name), undo))
  },
  undo: () => {
    const undone = outbox.undo()
    if (!undone) return null
    // What is taken back by a key is no longer offered to be.
    const offer = offers.get(undone.key)
    if (offer !== undefined) dismiss(offer)
    offers.delete(undone.key)
    toast(text.verdicts.undone(undone.name))
    return undone
  },
})
