import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'

import type { Schema } from '@/api/server'
import { ago, money } from '@/lib/format'
import { text } from '@/lib/text'
import { type Fact, Facts } from '@/ui/Facts'

import { copiesOf, type Listing } from './queries'

type Copy = Schema['Copy']

/** Everything about the copy and the pressing. */
export function ListingFacts({ listing }: { listing: Listing }) {
  const { data: copies } = useQuery(copiesOf(listing.release_id, listing.master_id))
  return <Facts facts={facts(listing, copies)} />
}

function facts(listing: Listing, copies: readonly Copy[] | undefined): Fact[] {
  const words = text.listing
  const { want, have, price, own_price } = listing
  const isLater =
    listing.original_year !== null && listing.year !== null && listing.original_year < listing.year
  const isConverted = price && own_price && price.currency !== own_price.currency
  return [
    [words.label, `${listing.label} ${listing.catalog_number}`.trim()],
    [words.format, listing.format],
    [words.pressing, [listing.country, listing.year].filter(Boolean).join(' ')],
    [words.original, isLater ? String(listing.original_year) : null],
    [words.genre, listing.genres.join(', ')],
    [words.style, listing.styles.join(', ')],
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
    [words.postage, postage(listing, copies)],
    [words.read, listing.price_read_at && ago(listing.price_read_at)],
    [words.listed, listing.posted_at && ago(listing.posted_at)],
    [words.marks, marks(listing)],
    [words.seenFirst, ago(listing.first_seen_at)],
    [words.comment, listing.comments && `“${listing.comments}”`],
  ]
}

/** What a parcel with it alone costs to you, as you entered it, else as Discogs tells it. */
function postage({ id, shipping }: Listing, copies: readonly Copy[] | undefined) {
  const own = copies?.find((copy) => copy.id === id)
  if (own?.postage && own.landed) return text.listing.postageMakes(money(own.postage), money(own.landed))
  if (shipping) return money(shipping)
  return copies ? text.listing.postageUnknown : '…'
}

/** What it is to you, in words. */
const marks = (listing: Listing) =>
  [
    listing.is_wanted && text.listing.isWanted,
    listing.is_owned && text.listing.isOwned,
    listing.is_other_pressing_wanted && text.listing.otherWanted,
    listing.is_other_pressing_owned && text.listing.otherOwned,
    listing.allows_offers && text.listing.offers,
    listing.is_unverified && text.listing.unverified,
  ]
    .filter(Boolean)
    .join(', ')
