import { moment, money } from '@/lib/format'
import { text } from '@/lib/text'
import { Section } from '@/ui/Section'

import type { ListingInFull } from './queries'

/** What this copy cost before: each change as it was seen. */
export function PriceHistory({ listing }: { listing: ListingInFull }) {
  const changes = [...listing.price_changes].reverse()
  return (
    <Section title={text.listing.prices} note={text.listing.pricesNote}>
      {changes.length === 0 ? (
        <p className="text-ink-2">{text.listing.noChanges}</p>
      ) : (
        <ol className="font-data text-data">
          {changes.map(({ changed_at, old_price, new_price }) => (
            <li key={changed_at} className="flex justify-between border-b border-rule py-2">
              <span>{moment(changed_at)}</span>
              <span>
                <s className="text-ink-3">{old_price ? money(old_price) : '–'}</s>{' '}
                <b>{new_price ? money(new_price) : '–'}</b>
              </span>
            </li>
          ))}
        </ol>
      )}
    </Section>
  )
}
