import { useSyncExternalStore } from 'react'

import { answer, server } from '@/api/server'
import { text } from '@/lib/text'
import { toast } from '@/lib/toasts'

import { type Judged, Outbox, type Snapshot, type Verdict } from './outbox'

const outbox = new Outbox(
  {
    judge: (verdicts) => answer(server.POST('/api/v1/judgements', { body: { verdicts } })),
    undo: (id) =>
      answer(
        server.POST('/api/v1/judgements/{judgement_id}/undo', {
          params: { path: { judgement_id: id } },
        }),
      ),
  },
  window.localStorage,
)
window.addEventListener('online', () => outbox.flush())

interface Judging extends Snapshot {
  judge: (listing: { id: number; artist: string; title: string }, verdict: Verdict) => void
  undo: () => Judged | null
}

/** Keep, skip, undo; on every page the same. */
export function useJudging(): Judging {
  return { ...useSyncExternalStore(outbox.subscribe, outbox.snapshot), judge, undo }
}

const judge: Judging['judge'] = ({ id, artist, title }, verdict) => {
  const judged = outbox.judge(id, `${artist}: ${title}`, verdict)
  toast(text.verdicts.said(judged.verdict, judged.name), () => outbox.undo(judged))
}

const undo: Judging['undo'] = () => {
  const undone = outbox.undo()
  if (undone) toast(text.verdicts.undone(undone.name))
  return undone
}
