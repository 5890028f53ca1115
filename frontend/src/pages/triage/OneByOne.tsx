import { ListingFacts } from '@/features/listings/ListingFacts'
import { PriceSticker } from '@/features/listings/PriceSticker'
import { Player } from '@/features/listening/Player'
import type { Listening } from '@/features/listening/useListening'
import { WhyKeep } from '@/features/taste/WhyKeep'
import type { Shown } from '@/features/triage/queries'
import { Why } from '@/features/triage/Why'
import { sleeveOf } from '@/lib/sleeve'
import { useSwipe } from '@/lib/swipe'
import { Record } from '@/ui/Record'

interface OneByOneProps {
  current: Shown
  listening: Listening
  onJudge: (verdict: 'keep' | 'skip') => void
}

/** One record, large, with everything that a verdict needs. */
export function OneByOne({ current, listening, onJudge }: OneByOneProps) {
  const { listing } = current
  const swipe = useSwipe({ left: () => onJudge('skip'), right: () => onJudge('keep') })
  const name = `${listing.artist}: ${listing.title}`
  return (
    <article
      aria-label={name}
      className="grid touch-pan-y gap-6 tablet:grid-cols-[minmax(0,22rem)_minmax(0,1fr)] desk:min-h-108 desk:grid-cols-[minmax(0,26rem)_minmax(0,1fr)_minmax(0,24rem)] desk:gap-10"
      {...swipe}
    >
      <Record key={listing.id} words={sleeveOf(listing)} over={
        listening.isPlaying && <Player videos={listening.videos} name={name} />
      }>
        <PriceSticker listing={listing} isBig />
      </Record>
      <div className="grid content-start gap-3">
        <div>
          <h2 className="text-title break-words max-tablet:text-head">{listing.title}</h2>
          <p className="text-lead">{listing.artist}</p>
        </div>
        <ListingFacts listing={listing} />
      </div>
      <div className="grid content-start gap-4">
        <Why shown={current} />
        {current.predicted !== null && <WhyKeep key={listing.id} listingId={listing.id} />}
      </div>
    </article>
  )
}
