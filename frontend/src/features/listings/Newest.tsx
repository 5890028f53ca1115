import { queryOptions, useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'

import { answer, type Schema, server } from '@/api/server'
import { money } from '@/lib/format'
import { text } from '@/lib/text'
import { Asked } from '@/ui/Asked'
import { Bones } from '@/ui/Bones'
import { Section } from '@/ui/Section'

import { ListingCard } from './ListingCard'
import { NewsLine } from './NewsLine'

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
                <NewsLine key={listing.id} listing={listing}>
                  {listing.was && text.listings.was(money(listing.was))}
                </NewsLine>
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
