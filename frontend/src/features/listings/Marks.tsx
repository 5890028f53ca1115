import { text } from '@/lib/text'

import type { Listing } from './queries'

/** What the record is to you, and whether it is new: small words that never shrink. */
export function Marks({ listing }: { listing: Listing }) {
  const { is_wanted, is_owned, is_other_pressing_owned, is_other_pressing_wanted } = listing
  return (
    <>
      {(is_wanted || is_other_pressing_wanted) && (
        <span className="mark text-want" title={is_wanted ? text.marks.wanted : text.marks.wantedOther}>
          <svg viewBox="0 0 10 12" className="h-3 w-2.5" aria-hidden="true">
            <path d="M1 0h8v12L5 9 1 12z" fill={is_wanted ? 'currentColor' : 'none'} stroke="currentColor" />
          </svg>
          <span className="max-tablet:sr-only">{text.marks.want}</span>
        </span>
      )}
      {(is_owned || is_other_pressing_owned) && (
        <span className="mark text-own" title={is_owned ? text.marks.owned : text.marks.ownedOther}>
          <svg viewBox="0 0 12 12" className="size-3" aria-hidden="true">
            <circle cx="6" cy="6" r="4.5" fill={is_owned ? 'currentColor' : 'none'} stroke="currentColor" strokeWidth="2" />
            <circle cx="6" cy="6" r="1.2" fill={is_owned ? 'var(--sleeve)' : 'currentColor'} />
          </svg>
          <span className="max-tablet:sr-only">{is_owned ? text.marks.own : text.marks.ownOther}</span>
        </span>
      )}
      {listing.is_keeper && (
        <span className="mark text-keep max-tablet:hidden">{text.listings.keeper}</span>
      )}
    </>
  )
}
