import { type QueryKey, useQuery, type UseQueryOptions } from '@tanstack/react-query'

import type { Schema } from '@/api/server'
import { text } from '@/lib/text'
import { Asked } from '@/ui/Asked'
import { Bones } from '@/ui/Bones'
import { Section } from '@/ui/Section'
import { Source } from '@/ui/Source'
import { StateBox } from '@/ui/StateBox'

import { ListingHead, ListingRow } from './ListingRow'
import { best, bestOf, type Listing, SHOWN } from './queries'

type Verdicts = ReadonlyMap<number, 'keep' | 'skip'>

/** What is worth buying first, of all that is for sale, or of one seller. */
export function BestListings({ seller, verdicts }: { seller?: string; verdicts: Verdicts }) {
  return seller === undefined ? (
    <Best asked={best(SHOWN)} empty={text.listings.noneWhy} verdicts={verdicts} />
  ) : (
    <Best asked={bestOf(seller, SHOWN)} empty={text.listings.noneHere} verdicts={verdicts} />
  )
}

interface BestProps<K extends QueryKey> {
  asked: UseQueryOptions<Schema['ListingPage'], Error, Schema['ListingPage'], K>
  empty: string
  verdicts: Verdicts
}

function Best<K extends QueryKey>({ asked, empty, verdicts }: BestProps<K>) {
  return (
    <Section title={text.listings.best} note={text.listings.order} end={<Source />}>
      <Asked query={useQuery(asked)} meanwhile={<Bones lines={SHOWN} height="h-13" />}>
        {({ listings }) =>
          listings.length ? (
            <Rows listings={listings} verdicts={verdicts} />
          ) : (
            <StateBox title={text.listings.none}>
              <p>{empty}</p>
            </StateBox>
          )
        }
      </Asked>
    </Section>
  )
}

function Rows({ listings, verdicts }: { listings: readonly Listing[]; verdicts: Verdicts }) {
  return (
    <>
      <ListingHead hasChances={listings[0]?.keep_probability != null} />
      <ul className="rows">
        {listings.map((listing) => (
          <li key={listing.id}>
            <ListingRow listing={listing} verdict={verdicts.get(listing.id)} />
          </li>
        ))}
      </ul>
    </>
  )
}
