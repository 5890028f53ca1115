import { useQuery } from '@tanstack/react-query'
import { useMemo, useSyncExternalStore } from 'react'

import { answer, server } from '@/api/server'
import { session } from '@/api/session'
import { text } from '@/lib/text'
import { toast } from '@/lib/toasts'

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
    toast(text.verdicts.said(judged.verdict, judged.name), () => outbox.undo(judged))
  },
  undo: () => {
    const undone = outbox.undo()
    if (undone) toast(text.verdicts.undone(undone.name))
    return undone
  },
})
