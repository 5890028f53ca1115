import { useQuery } from '@tanstack/react-query'

import { text } from '@/lib/text'
import { Asked } from '@/ui/Asked'
import { Bones } from '@/ui/Bones'
import { Section } from '@/ui/Section'
import { StateBox } from '@/ui/StateBox'

import { ListingHead, ListingRow } from './ListingRow'
import { best } from './queries'

const SHOWN = 10

/** What is worth buying first, of all that is for sale. */
export function BestListings() {
  return (
    <Section title={text.listings.best} note={text.listings.order}>
      <Asked query={useQuery(best(SHOWN))} meanwhile={<Bones lines={SHOWN} height="h-13" />}>
        {({ listings }) =>
          listings.length ? (
            <>
              <ListingHead />
              <ul className="rows">
                {listings.map((listing) => (
                  <ListingRow key={listing.id} listing={listing} />
                ))}
              </ul>
            </>
          ) : (
            <StateBox title={text.listings.none}>
              <p>{text.listings.noneWhy}</p>
            </StateBox>
          )
        }
      </Asked>
    </Section>
  )
}
