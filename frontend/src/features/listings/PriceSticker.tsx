import { money } from '@/lib/format'
import { text } from '@/lib/text'
import { Sticker } from '@/ui/Sticker'

import type { Listing } from './queries'
import { kindOf, priceInFull } from './words'

/** A listing's price in your currency; where none converts into it, as the seller asks. */
export function PriceSticker({ listing, isBig }: { listing: Listing; isBig?: boolean }) {
  const price = listing.own_price ?? listing.price
  const kind = kindOf(listing)
  return (
    <Sticker kind={kind} isBig={isBig} title={priceInFull(listing)}>
      {kind === 'drop' && <span aria-hidden="true">↓</span>}
      {price ? money(price) : text.listings.unknownPrice}
    </Sticker>
  )
}
