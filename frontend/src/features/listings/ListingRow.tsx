import { memo } from 'react'

import { money } from '@/lib/format'
import { sleeveOf } from '@/lib/sleeve'
import { text } from '@/lib/text'
import { Sleeve } from '@/ui/Sleeve'
import { VerdictMark } from '@/ui/VerdictMark'

import { ListingLink } from './ListingLink'
import { Marks } from './Marks'
import { PriceSticker } from './PriceSticker'
import type { Listing } from './queries'
import { pressing, remark } from './words'

interface ListingRowProps {
  listing: Listing
  verdict?: 'keep' | 'skip' | undefined
}

/** A listing in a line: verdict, sleeve, who and what, grade, wants, chance, landed, price. */
export const ListingRow = memo(function ListingRow({ listing, verdict }: ListingRowProps) {
  const isGone = listing.gone_at !== null
  const { media_grade: media, sleeve_grade: sleeve, landed, keep_probability: chance } = listing
  return (
    <div className={`row ${isGone ? 'is-gone' : ''} ${verdict === 'skip' ? 'is-skipped' : ''}`}>
      <span className="judged">
        <VerdictMark verdict={verdict} />
      </span>
      <Sleeve {...sleeveOf(listing)} />
      <div className="min-w-0">
        <p className="first">
          <ListingLink id={listing.id} className="cover">
            <b>{listing.artist}</b> {listing.title}
          </ListingLink>
          <Marks listing={listing} />
        </p>
        <span className="second">{pressing(listing)}</span>
        <span className="second narrow">
          {[
            [media ?? text.listings.notGraded, sleeve].filter(Boolean).join(' / '),
            landed && text.listings.landed(money(landed)),
            chance != null && text.listings.chance(chance),
          ]
            .filter(Boolean)
            .join(' · ')}
        </span>
      </div>
      <div className="wide min-w-0">
        <b>{media ?? text.listings.notGraded}</b>
        {sleeve && ` / ${sleeve}`}
        <span className="second">{listing.seller}</span>
      </div>
      <div className="wide wants text-right">
        {listing.want === null ? '?' : text.listings.wanted(listing.want)}
        <span className="second">
          {listing.have === null ? '' : text.listings.have(listing.have)}
        </span>
      </div>
      <Chance listing={listing} />
      <div className="wide text-right">
        {landed ? money(landed) : '?'}
        <span className="second">{landed ? text.listings.landedWord : text.listings.noPost}</span>
      </div>
      <div className="text-right">
        <PriceSticker listing={listing} />
        <span className="second">{remark(listing)}</span>
      </div>
    </div>
  )
})

/** How likely you keep it, as a bar to scan and a figure to compare; without a model, the rule's score. */
function Chance({ listing }: { listing: Listing }) {
  const { keep_probability: chance, score, reason } = listing
  if (chance == null) {
    return (
      <div className="wide text-right" title={reason}>
        {score === null ? '–' : score.toFixed(1)}
        <span className="second">{text.listings.ruleScore}</span>
      </div>
    )
  }
  return (
    <div className="wide flex items-center justify-end gap-2" title={reason}>
      <svg viewBox="0 0 40 4" className="h-1 w-10" aria-hidden="true">
        <rect width="40" height="4" fill="var(--tag)" />
        <rect width={40 * chance} height="4" fill={chance < 0.5 ? 'var(--p-quiet)' : 'var(--keep)'} />
      </svg>
      <b>{Math.round(chance * 100)}</b>
    </div>
  )
}

export function ListingHead({ hasChances = false }: { hasChances?: boolean }) {
  return (
    <div className="row head" aria-hidden="true">
      <span />
      <span />
      <span>{text.listings.artist}</span>
      <span>{text.listings.grade}</span>
      <span className="wants text-right">{text.listings.wants}</span>
      <span className="text-right">{hasChances ? text.listings.keepChance : text.listings.score}</span>
      <span className="text-right">{text.listings.landedHead}</span>
      <span className="text-right">{text.listings.price}</span>
    </div>
  )
}
