import { useQuery } from '@tanstack/react-query'
import { memo } from 'react'

import { ListingRow } from '@/features/listings/ListingRow'
import type { Asked } from '@/features/search/asked'
import { page, PAGE_SIZE } from '@/features/search/queries'
import { useRested } from '@/lib/rested'

export const STRETCH = 5 // rows; a page holds some stretches, and no stretch lies on two pages
const REST_MILLISECONDS = 60

interface StretchProps {
  asked: Asked
  /** Places in the list, the first is 0; `to` is the one behind the last. */
  from: number
  to: number
  /** px below the list's upper edge; and of each row. */
  top: number
  height: number
  total: number
  verdicts: ReadonlyMap<number, 'keep' | 'skip'>
  onCursor: (place: number) => void
}

/** A few rows that stand together; until they are known, their place is kept. */
export const Stretch = memo(function Stretch(props: StretchProps) {
  const { asked, from, to, top, height, total, verdicts, onCursor } = props
  const hasRested = useRested(true, REST_MILLISECONDS, { first: false })
  const { data } = useQuery({
    ...page(asked, Math.floor(from / PAGE_SIZE) + 1),
    // What is only flown over is not asked for.
    enabled: (query) => hasRested || query.state.data !== undefined,
  })
  const first = from % PAGE_SIZE
  const known = data?.listings.slice(first, first + to - from)
  return (
    <div
      className="stretch"
      style={{ transform: `translateY(${top}px)`, height: (to - from) * height }}
      // No aria-busy: with it, it would be more than a fold between the list and its items.
      data-known={known !== undefined}
    >
      {known?.map((listing, at) => (
        <div
          key={at} // the next answer's rows take the place of these, which is half the work of new ones
          role="listitem"
          data-place={from + at}
          aria-setsize={total}
          aria-posinset={from + at + 1}
          onFocus={() => onCursor(from + at)}
        >
          <ListingRow listing={listing} verdict={verdicts.get(listing.id)} />
        </div>
      ))}
    </div>
  )
})
