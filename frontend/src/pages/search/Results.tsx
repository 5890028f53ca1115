import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useWindowVirtualizer } from '@tanstack/react-virtual'
import { useEffect, useLayoutEffect, useMemo, useRef, useState } from 'react'

import type { useJudging } from '@/features/judging/useJudging'
import { ListingHead } from '@/features/listings/ListingRow'
import type { Listing } from '@/features/listings/queries'
import type { Asked } from '@/features/search/asked'
import { page, PAGE_SIZE } from '@/features/search/queries'
import { count } from '@/lib/format'
import { useKeys } from '@/lib/keys'
import { useRested } from '@/lib/rested'
import { text } from '@/lib/text'

import { Stretch, STRETCH } from './Stretch'

const ROW = { wide: 52, narrow: 76 } // px; fixed, so that nothing is measured
const REST_MILLISECONDS = 60
const AHEAD = 1 // stretches beyond the screen that are drawn already
const TALLEST = 30_000_000 // px; browsers draw nothing below 33 million
const MARGIN = 8 // px between a row that was walked to and the edge of the window

interface ResultsProps {
  asked: Asked
  /** Something else is asked for by now. */
  isTyping: boolean
  total: number
  /** Rows are taller then; one list has rows of one height. */
  isNarrow: boolean
  judging: ReturnType<typeof useJudging>
  /** The listing under the cursor; at first the first. */
  onLook: (listing: Listing) => void
}

const pageOf = (place: number) => Math.floor(place / PAGE_SIZE) + 1

/** All that a search finds, however long; only what is seen is asked for and drawn. */
export function Results({ asked, isTyping, total, isNarrow, judging, onLook }: ResultsProps) {
  const client = useQueryClient()
  const list = useRef<HTMLDivElement>(null)
  const [top, setTop] = useState(0)
  const [cursor, setCursor] = useState(-1)
  const [before, setBefore] = useState(asked)
  if (before !== asked) {
    setBefore(asked)
    setCursor(-1)
  }
  const height = isNarrow ? ROW.narrow : ROW.wide
  const most = Math.min(total, Math.floor(TALLEST / height))
  useLayoutEffect(() => {
    if (list.current) setTop(list.current.getBoundingClientRect().top + window.scrollY)
  }, [asked])
  // Whole stretches are counted, not rows: of a million rows their places alone would take longer
  // to write down than all that is shown of them.
  // For another number all places are written down anew: it stays that of the longest list so far.
  const [longest, setLongest] = useState(most)
  if (longest < most) setLongest(most)
  const stretches = useWindowVirtualizer({
    count: Math.ceil(longest / STRETCH),
    estimateSize: () => height * STRETCH,
    overscan: AHEAD,
    scrollMargin: top,
  })
  const seen = stretches.getVirtualItems().filter(({ index }) => index * STRETCH < most)
  // What is only flown over is not asked for; what lies beside a stretch where one rests is.
  const [first = 1, last = 1] = [seen.at(0), seen.at(-1)].map((one) => pageOf((one?.index ?? 0) * STRETCH))
  const here = useMemo(() => ({ asked, total, first, last, most }), [asked, total, first, last, most])
  const rested = useRested(here, REST_MILLISECONDS, { isHeld: isTyping })
  useEffect(() => {
    for (const number of [rested.last + 1, rested.first - 1]) {
      const isThere = number >= 1 && (number - 1) * PAGE_SIZE < rested.most
      if (isThere) client.query(page(rested.asked, number)).catch(() => undefined)
    }
  }, [client, rested])

  const place = Math.max(cursor, 0)
  const under = useQuery(page(asked, pageOf(place))).data
  const looked = under?.listings[place % PAGE_SIZE]
  useEffect(() => {
    if (looked) onLook(looked)
  }, [looked, onLook])

  const move = (to: number) => {
    const next = Math.max(0, Math.min(to, most - 1))
    setCursor(next)
    show(top + next * height, height)
    requestAnimationFrame(() =>
      list.current?.querySelector<HTMLElement>(`[data-place="${next}"] a`)?.focus({ preventScroll: true }),
    )
  }
  const say = (verdict: 'keep' | 'skip') => {
    if (cursor < 0 || !looked) return false
    judging.judge(looked, verdict)
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
      <ListingHead hasChances={under?.listings[0]?.keep_probability != null} />
      <div
        ref={list}
        role="list"
        className="long-list"
        data-words={asked.q ?? ''}
        style={{ height: most * height }}
      >
        {seen.map(({ index, start }) => {
          // Beyond the screen the rows of the search before stay until the keys rest.
          const isOnScreen = index <= (stretches.range?.endIndex ?? index)
          const drawn = isOnScreen || index * STRETCH >= rested.most ? here : rested
          return (
            <Stretch
              key={index}
              asked={drawn.asked}
              from={index * STRETCH}
              to={Math.min((index + 1) * STRETCH, drawn.most)}
              top={start - top}
              height={height}
              total={drawn.total}
              verdicts={judging.verdicts}
              onCursor={setCursor}
            />
          )
        })}
      </div>
      {most < total && <p className="note mt-2">{text.search.tooMany(count(most))}</p>}
    </>
  )
}

/** Scroll as little as it takes to see a row whole. */
function show(top: number, height: number): void {
  const above = top - MARGIN - window.scrollY
  const below = top + height + MARGIN - window.scrollY - window.innerHeight
  if (above < 0) window.scrollBy({ top: above, behavior: 'instant' })
  else if (below > 0) window.scrollBy({ top: below, behavior: 'instant' })
}
