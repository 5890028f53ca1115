import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'

import { type Pick, today } from '@/features/day/queries'
import { PriceSticker } from '@/features/listings/PriceSticker'
import { sleeveOf } from '@/lib/sleeve'
import { text } from '@/lib/text'
import { Record } from '@/ui/Record'

/** The record of the day, small, and the way to its draw. */
export function Today() {
  const { data: pick, error } = useQuery(today())
  return (
    <section className="today min-h-56" aria-labelledby="today">
      <h2 id="today">{text.home.day}</h2>
      {pick && <Drawn pick={pick} />}
      {!pick && error && <p className="text-ink-2">{error.message}</p>}
    </section>
  )
}

function Drawn({ pick }: { pick: Pick }) {
  const { listing, was } = pick
  const odds = text.day.oneIn(Math.round(1 / pick.probability))
  return (
    <div className="grid grid-cols-[minmax(0,10rem)_minmax(0,1fr)] gap-x-5 max-tablet:grid-cols-[minmax(0,7.5rem)_minmax(0,1fr)]">
      <Record words={listing ? sleeveOf(listing) : was}>
        {listing && <PriceSticker listing={listing} />}
      </Record>
      <div className="min-w-0">
        <p className="font-divider text-head">{was.title}</p>
        <p className="mb-1.5">{was.artist}</p>
        <p className="mb-1.5 font-data text-data text-ink-2">
          {listing && [listing.country, listing.year, listing.format].filter(Boolean).join(' ')}
          <br />
          {was.seller}
        </p>
        <p className="mb-2.5 font-data text-data">
          {text.home.drawn(pick.novelty, pick.utility)}
          <br />
          {text.home.drawnAt(pick.temperature, odds)}
        </p>
        <Link to="/day" className="button small">
          {text.home.seeDraw}
        </Link>
      </div>
    </div>
  )
}
