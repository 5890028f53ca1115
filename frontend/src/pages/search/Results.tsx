import { useQueries } from '@tanstack/react-query'
import { useWindowVirtualizer } from '@tanstack/react-virtual'
import { useEffect, useLayoutEffect, useRef, useState } from 'react'

import type { useJudging } from '@/features/judging/useJudging'
import { ListingHead, ListingRow } from '@/features/listings/ListingRow'
import type { Listing } from '@/features/listings/queries'
import type { Asked } from '@/features/search/asked'
import { page, PAGE_SIZE } from '@/features/search/queries'
import { count } from '@/lib/format'
import { useKeys } from '@/lib/keys'
import { useRested } from '@/lib/rested'
import { useIsNarrow } from '@/lib/screen'
import { text } from '@/lib/text'

const ROW = { wide: 52, narrow: 76 } // px; fixed, so that nothing is measured
const REST_MILLISECONDS = 60
const AHEAD = 8 // rows beyond the screen that are drawn already
const TALLEST = 30_000_000 // px; browsers draw nothing below 33 million

interface ResultsProps {
  asked: Asked
  total: number
  judging: ReturnType<typeof useJudging>
  /** The listing under the cursor; at first the first. */
  onLook: (listing: Listing) => void
}

/** All that a search finds, however long; only what is seen is asked for and drawn. */
export function Results({ asked, total, judging, onLook }: ResultsProps) {
  const list = useRef<HTMLUListElement>(null)
  const [top, setTop] = useState(0)
  const [cursor, setCursor] = useState(-1)
  const height = useIsNarrow() ? ROW.narrow : ROW.wide
  const most = Math.min(total, Math.floor(TALLEST / height))
  useLayoutEffect(() => {
    if (list.current) setTop(list.current.getBoundingClientRect().top + window.scrollY)
  }, [asked])
  const rows = useWindowVirtualizer({
    count: most,
    estimateSize: () => height,
    overscan: AHEAD,
    scrollMargin: top,
  })
  const seen = rows.getVirtualItems()
  const pages = [...new Set(seen.map(({ index }) => Math.floor(index / PAGE_SIZE) + 1))]
  // What is only flown over is not asked for.
  const rested = useRested(pages.join(), REST_MILLISECONDS).split(',').map(Number)
  const answers = useQueries({
    queries: pages.map((number) => ({ ...page(asked, number), enabled: rested.includes(number) })),
  })
  const at = (index: number) =>
    answers[pages.indexOf(Math.floor(index / PAGE_SIZE) + 1)]?.data?.listings[index % PAGE_SIZE]
  const looked = at(Math.max(cursor, 0))
  useEffect(() => {
    if (looked) onLook(looked)
  }, [looked, onLook])

  const move = (to: number) => {
    const place = Math.max(0, Math.min(to, most - 1))
    setCursor(place)
    rows.scrollToIndex(place, { align: 'auto' })
    requestAnimationFrame(() =>
      list.current?.querySelector<HTMLElement>(`[data-place="${place}"] a`)?.focus(),
    )
  }
  const say = (verdict: 'keep' | 'skip') => {
    const listing = at(cursor)
    if (!listing) return false
    judging.judge(listing, verdict)
    move(cursor + 1)
    return true
  }
  const screen = Math.max(1, Math.floor(window.innerHeight / height) - 2)
  useKeys({
    n: () => move(cursor + 1),
    ArrowDown: () => move(cursor + 1),
    p: () => move(cursor - 1),
    ArrowUp: () => move(cursor - 1),
    PageDown: () => move(cursor + screen),
    PageUp: () => move(cursor - screen),
    Home: () => move(0),
    End: () => move(most - 1),
    k: () => say('keep'),
    s: () => say('skip'),
    u: judging.undo,
  })

  return (
    <>
      <ListingHead hasChances={at(0)?.keep_probability != null} />
      <ul ref={list} className="long-list" data-words={asked.q ?? ''} style={{ height: rows.getTotalSize() }}>
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
                <ListingRow listing={listing} verdict={judging.verdicts.get(listing.id)} />
              ) : (
                <div className="row" aria-label={text.states.loading}>
                  <span />
                  <span className="bone size-10!" />
                  <span className="bone w-3/5" />
                </div>
              )}
            </li>
          )
        })}
      </ul>
      {most < total && <p className="note mt-2">{text.search.tooMany(count(most))}</p>}
    </>
  )
}
