import { percent } from '@/lib/format'
import { text } from '@/lib/text'
import { Meter } from '@/ui/Meter'

import type { Shown } from './queries'

/** Why this one is shown, and how likely it is kept, as far as anybody knows. */
export function Why({ shown }: { shown: Shown }) {
  const { predicted, because, why, listing } = shown
  return (
    <div className="grid content-start gap-3">
      <p>
        <span className="mr-1.5 inline-block rounded-paper bg-tag px-1.5 py-0.5 font-data font-semibold">
          {text.triage.because[because] ?? because}
        </span>
        {why}
      </p>
      {predicted === null ? (
        <p className="text-ink-2">{text.triage.noModel}</p>
      ) : (
        <div className="flex items-center gap-4">
          <Meter part={predicted} label={text.triage.keepChance} />
          <span className="font-divider text-title whitespace-nowrap">{percent(predicted)}</span>
        </div>
      )}
      {listing.score !== null && (
        <p>
          <b>{text.listing.score(listing.score)}.</b> {listing.reason}
        </p>
      )}
    </div>
  )
}
