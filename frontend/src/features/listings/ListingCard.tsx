import { Link } from '@tanstack/react-router'

import { sleeveOf } from '@/lib/sleeve'
import { text } from '@/lib/text'
import { Sleeve } from '@/ui/Sleeve'

import { Marks } from './Marks'
import { PriceSticker } from './PriceSticker'
import type { Listing } from './queries'

/** A listing as its sleeve, with the sticker over the lower right edge. */
export function ListingCard({ listing }: { listing: Listing }) {
  const { media_grade: media, sleeve_grade: sleeve, keep_probability: chance } = listing
  const worth = chance == null ? [media, sleeve].filter(Boolean).join(' / ') : text.listings.chance(chance)
  return (
    <div className="relative min-w-0">
      <div className="relative mb-2 mr-1.5">
        <Sleeve {...sleeveOf(listing)} isLettered />
        <span className="absolute right-[-6px] bottom-4">
          <PriceSticker listing={listing} />
        </span>
      </div>
      <Link
        to="/listings/$id"
        params={{ id: String(listing.id) }}
        className="block no-underline after:absolute after:inset-0"
      >
        <b className="block truncate">{listing.artist}</b>
        <span className="block truncate">{listing.title}</span>
      </Link>
      <p className="truncate font-data text-data text-ink-3">{`${worth} · ${listing.seller}`}</p>
      <p className="-ml-1.5 h-4">
        <Marks listing={listing} />
      </p>
    </div>
  )
}
