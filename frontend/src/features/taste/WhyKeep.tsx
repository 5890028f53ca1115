import { useQuery } from '@tanstack/react-query'

import { text } from '@/lib/text'
import { Contributions } from '@/ui/plots/Contributions'

import { why } from './queries'

const SHOWN = 8

/** The learned reason in a sentence, then its parts, then their sum; nothing without a model. */
export function WhyKeep({ listingId }: { listingId: number }) {
  const { data } = useQuery(why(listingId))
  if (!data) return <div className="min-h-12" />
  if (data.chance === null) return <p className="text-ink-2">{data.missing}</p>
  const parts = data.contributions.slice(0, SHOWN)
  const rest = data.contributions.slice(SHOWN).reduce((sum, one) => sum + one.amount, 0)
  const base = data.base ?? 0
  const total = data.contributions.reduce((sum, one) => sum + one.amount, base)
  return (
    <div className="grid gap-3">
      <p className="text-lead">{data.sentence}</p>
      <Contributions
        label={text.why.label}
        parts={[
          ...parts.map(({ meaning, amount }) => ({ name: meaning, amount })),
          ...(data.contributions.length > SHOWN ? [{ name: text.why.rest, amount: rest }] : []),
          { name: text.why.base, amount: base },
        ]}
      />
      <p className="note">{text.why.sum(total, data.chance)}</p>
    </div>
  )
}
