import type { Schema } from '@/api/server'
import { text } from '@/lib/text'
import { Choice } from '@/ui/Choice'
import { Section } from '@/ui/Section'

import { useChange } from './queries'

/** What becomes of a price that is older than six hours: marked, or not shown. */
export function Freshness({ now }: { now: Schema['SettingsNow'] }) {
  const change = useChange()
  const words = text.settings
  const isFixed = now.fixed.includes('stale_prices')
  // What was chosen shows at once, and goes back if it was refused.
  const wished = change.isPending ? change.variables.stale_prices : undefined
  const way = wished ?? now.stale_prices
  return (
    <Section title={words.freshness} note={isFixed ? words.freshnessWays[way] : undefined}>
      {!isFixed && (
        <Choice
          label={words.freshnessWhich}
          options={words.freshnessWays}
          chosen={way}
          onChoose={(stale_prices) => change.mutate({ stale_prices })}
        />
      )}
      <p className="mt-3 max-w-prose">{words.freshnessWhy[way]}</p>
      {isFixed && <p className="note mt-1">{words.freshnessFixed}</p>}
      {change.error && (
        <p role="alert" className="mt-1 text-bad">
          {change.error.message}
        </p>
      )}
    </Section>
  )
}
