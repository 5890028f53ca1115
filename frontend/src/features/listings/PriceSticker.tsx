import { money } from '@/lib/format'
import { text } from '@/lib/text'
import { Sticker } from '@/ui/Sticker'

import type { Listing } from './queries'

/** A listing's price in your currency; where none converts into it, as the seller asks. */
export function PriceSticker({ listing, isBig }: { listing: Listing; isBig?: boolean }) {
  const price = listing.own_price ?? listing.price
  const kind = listing.gone_at ? 'gone' : listing.is_stale ? 'stale' : 'usual'
  return (
    <Sticker kind={kind} isBig={isBig}>
      {price ? money(price) : text.listings.unknownPrice}
    </Sticker>
  )
}
