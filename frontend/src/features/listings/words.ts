import { money, percent, span } from '@/lib/format'
import { text } from '@/lib/text'

import type { Listing } from './queries'

const DEAL = 0.15 // of the other copies' median; less is no news
const DROP_MILLISECONDS = 14 * 86_400_000 // a drop is shown that long

/** Label and number, year, country, format, styles: what decides which pressing it is. */
export function pressing({ label, catalog_number, year, country, format, styles }: Listing): string {
  const when = [year, country].filter(Boolean).join(' ')
  return [`${label} ${catalog_number}`.trim(), when, format, styles.slice(0, 3).join(', ')]
    .filter(Boolean)
    .join(' · ')
}

/** What its sticker says by its fill; the strongest first. */
export function kindOf(listing: Listing, now = Date.now()) {
  if (listing.gone_at) return 'gone'
  if (listing.is_stale) return 'stale'
  if (listing.dropped_at && now - Date.parse(listing.dropped_at) < DROP_MILLISECONDS) return 'drop'
  return (listing.discount ?? 0) >= DEAL ? 'deal' : 'usual'
}

/** The strongest thing to say about a price, under its sticker. */
export function remark(listing: Listing): string {
  const { price_age_seconds: age, price, own_price, was, discount } = listing
  switch (kindOf(listing)) {
    case 'gone':
      return text.listings.gone
    case 'stale':
      return age === null ? '' : text.listings.stale(span(age))
    case 'drop':
      return was ? text.listings.was(money(was)) : ''
    case 'deal':
      return text.listings.under(percent(discount ?? 0))
    default:
      if (price && own_price && price.currency !== own_price.currency) return money(price)
      return age === null ? '' : text.listings.age(age)
  }
}

/** What a price was made of: as the seller asks, when it was read. */
export function priceInFull({ price, price_age_seconds: age }: Listing): string {
  const read = age === null ? '' : text.listings.stale(span(age))
  return [price && text.listings.asked(money(price)), read].filter(Boolean).join(', ')
}

/** At which rate a price was converted: "at 1.1750"; "" where it was not. */
export function rateOf({ price, own_price: own }: Listing): string {
  if (!price || !own || price.currency === own.currency || !price.minor) return ''
  return text.listings.rate((Number(own.amount) / Number(price.amount)).toFixed(4))
}
