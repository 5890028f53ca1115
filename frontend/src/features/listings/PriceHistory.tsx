import { moment, money } from '@/lib/format'
import { text } from '@/lib/text'
import { AsTable } from '@/ui/plots/AsTable'
import { Steps } from '@/ui/plots/Steps'
import { Section } from '@/ui/Section'

import type { ListingInFull } from './queries'

/** What this copy cost, as it was seen: a price holds until it is changed. */
export function PriceHistory({ listing }: { listing: ListingInFull }) {
  const words = text.listing
  const [first] = listing.price_changes
  const seen = [
    { at: listing.first_seen_at, price: first ? first.old_price : listing.price },
    ...listing.price_changes.map(({ changed_at: at, new_price: price }) => ({ at, price })),
  ]
  const steps = seen.flatMap(({ at, price }) =>
    price ? [{ at: Date.parse(at), value: Number(price.amount), words: money(price) }] : [],
  )
  const until = Date.parse(listing.gone_at ?? listing.price_read_at ?? listing.last_seen_at)
  return (
    <Section title={words.prices} note={words.pricesNote}>
      {steps.length > 1 ? (
        <>
          <Steps steps={steps} until={until} label={words.pricesSaid(steps.length - 1, steps[0]?.words ?? '', steps.at(-1)?.words ?? '')} />
          <AsTable
            caption={words.prices}
            columns={[words.seen, words.asked]}
            rows={seen.map(({ at, price }) => [moment(at), price ? money(price) : '–'])}
          />
        </>
      ) : (
        <p className="text-ink-2">{words.noChanges}</p>
      )}
    </Section>
  )
}
