import { Link } from '@tanstack/react-router'
import { memo } from 'react'

import type { Judging } from '@/features/judging/useJudging'
import { OtherCopies } from '@/features/listings/OtherCopies'
import { PriceSticker } from '@/features/listings/PriceSticker'
import type { Listing } from '@/features/listings/queries'
import { pressing, priceInFull, rateOf } from '@/features/listings/words'
import { WhyKeep } from '@/features/taste/WhyKeep'
import { money } from '@/lib/format'
import { sleeveOf } from '@/lib/sleeve'
import { text } from '@/lib/text'
import { Button } from '@/ui/Button'
import { Record } from '@/ui/Record'

import type { Deeds } from './useDeeds'

interface PeekProps {
  listing: Listing
  onJudge: Judging['judge']
  onCheck: (id: number) => void
  isChecking: boolean
  deeds: Deeds
}

/** The listing under the cursor, beside the list: what it is, what it costs, why it stands there. */
export const Peek = memo(function Peek({ listing, onJudge, onCheck, isChecking, deeds }: PeekProps) {
  const { media_grade: media, sleeve_grade: sleeve, landed } = listing
  return (
    <article aria-label={`${listing.artist}: ${listing.title}`} className="grid gap-4">
      <Record words={sleeveOf(listing)} />
      <div>
        <h2 className="text-head">
          <Link to="/listings/$id" params={{ id: String(listing.id) }} className="no-underline">
            {listing.title}
          </Link>
        </h2>
        <p className="text-lead">{listing.artist}</p>
        <p className="mt-1 font-data text-data text-ink-2">
          {pressing(listing)}
          <br />
          {text.peek.grades(media ?? text.listings.notGraded, sleeve)} · {listing.seller}
        </p>
      </div>
      <div className="flex items-center gap-3">
        <PriceSticker listing={listing} isBig />
        <p className="font-data text-data text-ink-2">
          <b className="text-ink">
            {landed ? text.listings.landed(money(landed)) : text.peek.noLanded}
          </b>
          <br />
          {[priceInFull(listing), rateOf(listing)].filter(Boolean).join(', ')}
        </p>
      </div>
      <div className="flex flex-wrap gap-2">
        <Button kind="keep" keyName="k" onClick={() => onJudge(listing, 'keep')}>
          {text.verdicts.keep}
        </Button>
        <Button kind="skip" keyName="s" onClick={() => onJudge(listing, 'skip')}>
          {text.verdicts.skip}
        </Button>
        {listing.discogs_listing_id !== null && (
          <Button
            cost={text.pulls.oneRequest}
            keyName="r"
            isBusy={isChecking}
            onClick={() => onCheck(listing.id)}
          >
            {text.check.again}
          </Button>
        )}
      </div>
      <div className="flex flex-wrap gap-2">
        <Button
          isSmall
          keyName="w"
          cost={deeds.isWanted ? undefined : text.wants.oneRequest}
          disabled={deeds.isWanted}
          onClick={deeds.want}
        >
          {deeds.isWanted ? text.wants.isOn : text.wants.want}
        </Button>
        <Button isSmall keyName="c" aria-pressed={deeds.isAside} onClick={deeds.putAside}>
          {deeds.isAside ? text.peek.isAside : text.peek.aside}
        </Button>
        <Button isSmall keyName="h" onClick={deeds.askWhatToHide}>
          {text.triage.hide}
        </Button>
      </div>
      <div className="border-l-4 border-keep bg-well px-3 py-2">
        <p className="mb-2">{listing.reason}</p>
        <WhyKeep listingId={listing.id} />
      </div>
      <OtherCopies listing={listing} />
    </article>
  )
})
