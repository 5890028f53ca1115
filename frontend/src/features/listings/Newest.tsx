import { queryOptions, useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'

import { answer, type Schema, server } from '@/api/server'
import { money } from '@/lib/format'
import { sleeveOf } from '@/lib/sleeve'
import { text } from '@/lib/text'
import { Asked } from '@/ui/Asked'
import { Bones } from '@/ui/Bones'
import { Section } from '@/ui/Section'
import { Sleeve } from '@/ui/Sleeve'

import { ListingCard } from './ListingCard'
import { PriceSticker } from './PriceSticker'
import type { Listing } from './queries'

const CARDS = 6
const LINES = 4

type Query = Pick<Partial<Record<'since' | 'dropped_since', string>>, 'since' | 'dropped_since'> & {
  sort: 'probability' | 'score'
  limit: number
}

const news = (query: Query) =>
  queryOptions({
    queryKey: ['listings', 'news', query],
    queryFn: () => answer(server.GET('/api/v1/listings', { params: { query } })),
  })

/** What came since a moment, the likeliest keeps first where a model serves. */
export function Arrivals({ since, hasModel }: { since: string; hasModel: boolean }) {
  const sort = hasModel ? 'probability' : 'score'
  return (
    <Asked
      query={useQuery(news({ since, sort, limit: CARDS }))}
      meanwhile={<div className="h-80" />}
    >
      {(page) => (
        <Section
          title={text.home.arrivals}
          note={hasModel ? text.home.likeliest : text.home.highest}
          end={<All page={page} search={{ since }} />}
        >
          {page.listings.length ? (
            <ul className="cards">
              {page.listings.map((listing) => (
                <li key={listing.id}>
                  <ListingCard listing={listing} />
                </li>
              ))}
            </ul>
          ) : (
            <p className="text-ink-2">{text.home.noArrivals}</p>
          )}
        </Section>
      )}
    </Asked>
  )
}

/** What became cheaper since a moment. */
export function Drops({ since, hasModel }: { since: string; hasModel: boolean }) {
  const sort = hasModel ? 'probability' : 'score'
  return (
    <Asked
      query={useQuery(news({ dropped_since: since, sort, limit: LINES }))}
      meanwhile={<Bones lines={LINES} height="h-15" />}
    >
      {(page) => (
        <Section title={text.home.drops} end={<All page={page} search={{ dropped_since: since }} />}>
          {page.listings.length ? (
            <ul>
              {page.listings.map((listing) => (
                <Line key={listing.id} listing={listing} />
              ))}
            </ul>
          ) : (
            <p className="text-ink-2">{text.home.noDrops}</p>
          )}
        </Section>
      )}
    </Asked>
  )
}

function Line({ listing }: { listing: Listing }) {
  const { media_grade: media, sleeve_grade: sleeve } = listing
  return (
    <li className="relative flex items-center gap-3 border-b border-rule py-2">
      <span className="w-11 flex-none">
        <Sleeve {...sleeveOf(listing)} />
      </span>
      <span className="min-w-0 flex-1">
        <Link
          to="/listings/$id"
          params={{ id: String(listing.id) }}
          className="block truncate no-underline after:absolute after:inset-0"
        >
          <b>{listing.artist}</b> {listing.title}
        </Link>
        <span className="block truncate font-data text-data text-ink-3">
          {`${[media, sleeve].filter(Boolean).join(' / ')} · ${listing.seller}`}
        </span>
      </span>
      <span className="text-right">
        <PriceSticker listing={listing} />
        <span className="block font-data text-data text-ink-3">
          {listing.was && text.listings.was(money(listing.was))}
        </span>
      </span>
    </li>
  )
}

interface AllProps {
  page: Schema['ListingPage']
  search: { since?: string; dropped_since?: string }
}

function All({ page, search }: AllProps) {
  const all = page.count ?? 0
  if (all <= page.listings.length) return null
  return (
    <Link to="/search" search={search}>
      {text.home.all(all)}
    </Link>
  )
}
