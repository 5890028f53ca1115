import { money, span } from '@/lib/format'
import { text } from '@/lib/text'
import { Sleeve } from '@/ui/Sleeve'
import { Sticker } from '@/ui/Sticker'

import type { Listing } from './queries'

const SINGLE = /\b(12|10|7)"|single/i

/** A listing in a line: sleeve, who and what, grade and seller, wants, score, price. */
export function ListingRow({ listing }: { listing: Listing }) {
  const isGone = listing.gone_at !== null
  return (
    <li className={`row ${isGone ? 'is-gone' : ''}`}>
      <Sleeve
        artist={listing.artist}
        title={listing.title}
        label={listing.label}
        isCut={SINGLE.test(listing.format) && !listing.format.includes('LP')}
      />
      <div className="min-w-0">
        <p className="first">
          <span>
            <b>{listing.artist}</b> {listing.title}
          </span>
          {listing.is_keeper && <span className="mark text-keep">{text.listings.keeper}</span>}
        </p>
        <span className="second">{pressing(listing)}</span>
      </div>
      <div className="wide min-w-0">
        <b>{listing.media_grade ?? text.listings.notGraded}</b>
        {listing.sleeve_grade && ` / ${listing.sleeve_grade}`}
        <span className="second">{listing.seller}</span>
      </div>
      <div className="wide text-right">
        {listing.want === null ? '?' : text.listings.wanted(listing.want)}
        <span className="second">
          {listing.have === null ? '' : text.listings.have(listing.have)}
        </span>
      </div>
      <div className="wide text-right font-semibold" title={listing.reason}>
        {listing.score === null ? '–' : listing.score.toFixed(1)}
      </div>
      <PriceCell listing={listing} />
    </li>
  )
}

/** Price in your currency on the sticker; the strongest remark about it below. */
function PriceCell({ listing }: { listing: Listing }) {
  const price = listing.own_price ?? listing.price
  const kind = listing.gone_at ? 'gone' : listing.is_stale ? 'stale' : 'usual'
  return (
    <div className="text-right">
      <Sticker kind={kind}>{price ? money(price) : text.listings.unknownPrice}</Sticker>
      <span className="second">{remark(listing)}</span>
    </div>
  )
}

function remark({ gone_at, is_stale, price_age_seconds, price, own_price }: Listing): string {
  if (gone_at) return text.listings.gone
  if (is_stale && price_age_seconds !== null) return text.listings.stale(span(price_age_seconds))
  return price && own_price && price.currency !== own_price.currency ? money(price) : ''
}

/** Label and number, year, format: what decides which pressing it is. */
function pressing({ label, catalog_number, year, format }: Listing): string {
  return [`${label} ${catalog_number}`.trim(), year && String(year), format]
    .filter(Boolean)
    .join(' · ')
}

export function ListingHead() {
  return (
    <div className="row head" aria-hidden="true">
      <span />
      <span>{text.listings.artist}</span>
      <span>{text.listings.grade}</span>
      <span className="text-right">{text.listings.wants}</span>
      <span className="text-right">{text.listings.score}</span>
      <span className="text-right">{text.listings.price}</span>
    </div>
  )
}

