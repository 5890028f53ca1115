import { useState } from 'react'

import { type Judging } from '@/features/judging/useJudging'
import { type Hideable, isHiddenBy } from '@/features/triage/hiding'
import { type Shown, useHide } from '@/features/triage/queries'
import type { Verdict } from '@/features/judging/outbox'

/** The ten on the table: where one is, and what happens to each. */
export function useTable(shown: readonly Shown[], judging: Judging) {
  const { verdicts } = judging
  const [place, setPlace] = useState(0)
  const [hidden, setHidden] = useState<readonly Hideable[]>([])
  const hide = useHide()

  const last = shown.length - 1
  const current = shown[Math.min(place, last)]
  const isHidden = (one: Shown, by = hidden) => by.some((what) => isHiddenBy(one.listing, what))
  const isOpen = (one: Shown, by = hidden) => !verdicts.has(one.listing.id) && !isHidden(one, by)
  const go = (to: number) => setPlace(Math.max(0, Math.min(to, last)))

  /** On to the next that has no verdict yet, or to one that was passed by; nobody waits. */
  const goOn = (from: number, by = hidden) => {
    const open = (one: Shown, at: number) => at !== from && isOpen(one, by)
    const next = shown.findIndex((one, at) => at > from && open(one, at))
    const passed = shown.findIndex(open)
    go(next !== -1 ? next : passed !== -1 ? passed : from + 1)
  }

  return {
    place,
    current,
    go,
    isHidden,
    isDone: shown.every((one) => !isOpen(one)),
    judge: (verdict: Verdict, at = place) => {
      const one = shown[at]
      if (!one) return
      judging.judge(one.listing, verdict)
      goOn(at)
    },
    undo: () => {
      const undone = judging.undo()
      const back = shown.findIndex(({ listing }) => listing.id === undone?.listingId)
      if (back !== -1) go(back)
    },
    hide: (what: Hideable) => {
      const after = [...hidden, what]
      setHidden(after)
      hide.mutate({
        ...what,
        onShown: () => setHidden((now) => now.filter((one) => one !== what)),
      })
      goOn(place, after)
    },
  }
}

export type Table = ReturnType<typeof useTable>
