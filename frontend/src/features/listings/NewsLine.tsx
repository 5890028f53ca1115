import { Link } from '@tanstack/react-router'
import type { ReactNode } from 'react'

import { sleeveOf } from '@/lib/sleeve'
import { Sleeve } from '@/ui/Sleeve'

import { PriceSticker } from './PriceSticker'
import type { Listing } from './queries'

interface NewsLineProps {
  listing: Listing
  /** What happened, under the sticker. */
  children: ReactNode
}

/** A listing of which there is news, in a line. */
export function NewsLine({ listing, children }: NewsLineProps) {
  const { media_grade: media, sleeve_grade: sleeve, gone_at } = listing
  return (
    <li className={`relative flex items-center gap-3 border-b border-rule py-2 ${gone_at ? 'is-gone' : ''}`}>
      <span className="w-11 flex-none">
        <Sleeve {...sleeveOf(listing)} />
      </span>
      <span className="min-w-0 flex-1">
        <Link
          to="/listings/$id"
          params={{ id: String(listing.id) }}
          className="block truncate no-underline after:absolute after:inset-0"
        >
          <b>{listing.artist}</b> {listing.title}
        </Link>
        <span className="block truncate font-data text-data text-ink-3">
          {`${[media, sleeve].filter(Boolean).join(' / ')} · ${listing.seller}`}
        </span>
      </span>
      <span className="text-right">
        <PriceSticker listing={listing} />
        <span className="block font-data text-data text-ink-3">{children}</span>
      </span>
    </li>
  )
}
