import { Link } from '@tanstack/react-router'

import { sleeveOf } from '@/lib/sleeve'
import { text } from '@/lib/text'
import { Sleeve } from '@/ui/Sleeve'
import { VerdictMark } from '@/ui/VerdictMark'

import { PriceSticker } from './PriceSticker'
import type { Listing } from './queries'
import { pressing, remark } from './words'

interface ListingRowProps {
  listing: Listing
  verdict?: 'keep' | 'skip' | undefined
}

/** A listing in a line: sleeve, who and what, grade and seller, wants, score, price. */
export function ListingRow({ listing, verdict }: ListingRowProps) {
  const isGone = listing.gone_at !== null
  return (
    <div className={`row ${isGone ? 'is-gone' : ''} ${verdict === 'skip' ? 'is-skipped' : ''}`}>
      <Sleeve {...sleeveOf(listing)} />
      <div className="min-w-0">
        <p className="first">
          <Link to="/listings/$id" params={{ id: String(listing.id) }} className="cover">
            <b>{listing.artist}</b> {listing.title}
          </Link>
          {verdict && (
            <span className="mark">
              <VerdictMark verdict={verdict} />
            </span>
          )}
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
    </div>
  )
}

/** Price in your currency on the sticker; the strongest remark about it below. */
function PriceCell({ listing }: { listing: Listing }) {
  return (
    <div className="text-right">
      <PriceSticker listing={listing} />
      <span className="second">{remark(listing)}</span>
    </div>
  )
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

