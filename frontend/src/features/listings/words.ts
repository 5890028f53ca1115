import { money, span } from '@/lib/format'
import { text } from '@/lib/text'

import type { Listing } from './queries'

/** Label and number, year, format: what decides which pressing it is. */
export function pressing({ label, catalog_number, year, format }: Listing): string {
  return [`${label} ${catalog_number}`.trim(), year && String(year), format]
    .filter(Boolean)
    .join(' · ')
}

/** The strongest thing to say about a price: gone, stale, or what the seller asks for it. */
export function remark({ gone_at, is_stale, price_age_seconds, price, own_price }: Listing): string {
  if (gone_at) return text.listings.gone
  if (is_stale && price_age_seconds !== null) return text.listings.stale(span(price_age_seconds))
  return price && own_price && price.currency !== own_price.currency ? money(price) : ''
}
