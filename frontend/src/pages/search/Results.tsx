import { useQueries } from '@tanstack/react-query'
import { useWindowVirtualizer } from '@tanstack/react-virtual'
import { useLayoutEffect, useRef, useState } from 'react'

import { useJudging } from '@/features/judging/useJudging'
import { ListingHead, ListingRow } from '@/features/listings/ListingRow'
import type { Asked } from '@/features/search/asked'
import { page, PAGE_SIZE } from '@/features/search/queries'
import { useKeys } from '@/lib/keys'
import { useIsNarrow } from '@/lib/screen'
import { text } from '@/lib/text'

const ROW = { wide: 52, narrow: 76 } // px; fixed, so that nothing is measured
const AHEAD = 12 // rows beyond the screen that are drawn already

/** All that a search finds, however long; only what is seen is asked for and drawn. */
export function Results({ asked, total }: { asked: Asked; total: number }) {
  const list = useRef<HTMLUListElement>(null)
  const [top, setTop] = useState(0)
  const [cursor, setCursor] = useState(-1)
  const { verdicts, judge, undo } = useJudging()
  const height = useIsNarrow() ? ROW.narrow : ROW.wide
  useLayoutEffect(() => {
    if (list.current) setTop(list.current.getBoundingClientRect().top + window.scrollY)
  }, [asked])
  const rows = useWindowVirtualizer({
    count: total,
    estimateSize: () => height,
    overscan: AHEAD,
    scrollMargin: top,
  })
  const seen = rows.getVirtualItems()
  const pages = [...new Set(seen.map(({ index }) => Math.floor(index / PAGE_SIZE) + 1))]
  const answers = useQueries({ queries: pages.map((number) => page(asked, number)) })
  const at = (index: number) =>
    answers[pages.indexOf(Math.floor(index / PAGE_SIZE) + 1)]?.data?.listings[index % PAGE_SIZE]

  const move = (to: number) => {
    const place = Math.max(0, Math.min(to, total - 1))
    setCursor(place)
    rows.scrollToIndex(place, { align: 'auto' })
    requestAnimationFrame(() =>
      list.current?.querySelector<HTMLElement>(`[data-place="${place}"] a`)?.focus(),
    )
  }
  const say = (verdict: 'keep' | 'skip') => {
    const listing = at(cursor)
    if (!listing) return false
    judge(listing, verdict)
    move(cursor + 1)
    return true
  }
  useKeys({
    n: () => move(cursor + 1),
    ArrowDown: () => move(cursor + 1),
    p: () => move(cursor - 1),
    ArrowUp: () => move(cursor - 1),
    k: () => say('keep'),
    s: () => say('skip'),
    u: undo,
  })

  return (
    <>
      <ListingHead />
      <ul ref={list} className="long-list" style={{ height: rows.getTotalSize() }}>
        {seen.map(({ index, start }) => {
          const listing = at(index)
          return (
            <li
              key={index}
              data-place={index}
              aria-setsize={total}
              aria-posinset={index + 1}
              style={{ transform: `translateY(${start - top}px)` }}
              onFocus={() => setCursor(index)}
            >
              {listing ? (
                <ListingRow listing={listing} verdict={verdicts.get(listing.id)} />
              ) : (
                <div className="row" aria-label={text.states.loading}>
                  <span className="bone size-10!" />
                  <span className="bone w-3/5" />
                </div>
              )}
            </li>
          )
        })}
      </ul>
    </>
  )
}
