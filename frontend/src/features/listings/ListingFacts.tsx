import { Link } from '@tanstack/react-router'

import { ago, money } from '@/lib/format'
import { text } from '@/lib/text'
import { type Fact, Facts } from '@/ui/Facts'

import type { Listing } from './queries'

/** Everything about the copy and the pressing. */
export function ListingFacts({ listing }: { listing: Listing }) {
  return <Facts facts={facts(listing)} />
}

function facts(listing: Listing): Fact[] {
  const words = text.listing
  const { want, have, price, own_price, shipping } = listing
  const isConverted = price && own_price && price.currency !== own_price.currency
  return [
    [words.label, `${listing.label} ${listing.catalog_number}`.trim()],
    [words.format, listing.format],
    [words.year, listing.year && String(listing.year)],
    [words.media, listing.media_grade ?? text.listings.notGraded],
    [words.sleeve, listing.sleeve_grade ?? text.listings.notGraded],
    [words.wanted, want !== null && have !== null ? words.wantedOf(want, have) : null],
    [
      words.seller,
      <Link key="seller" to="/sellers/$name" params={{ name: listing.seller }}>
        {listing.seller}
      </Link>,
    ],
    [words.shipsFrom, listing.ships_from],
    [words.asked, isConverted ? money(price) : null],
    [words.postage, shipping ? money(shipping) : words.postageUnknown],
    [words.read, listing.price_read_at && ago(listing.price_read_at)],
    [words.listed, listing.posted_at && ago(listing.posted_at)],
    [words.comment, listing.comments && `“${listing.comments}”`],
  ]
}
