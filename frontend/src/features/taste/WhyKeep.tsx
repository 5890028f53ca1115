import { useQuery } from '@tanstack/react-query'

import type { Schema } from '@/api/server'
import { text } from '@/lib/text'
import { Contributions } from '@/ui/plots/Contributions'

import { why } from './queries'

const SHOWN = 8
type Contribution = Schema['Contribution']

/** One line for what means the same: several columns may tell of one thing. */
function together(contributions: readonly Contribution[]) {
  const sums = new Map<string, number>()
  for (const { meaning, amount } of contributions) sums.set(meaning, (sums.get(meaning) ?? 0) + amount)
  return [...sums]
    .map(([name, amount]) => ({ name, amount }))
    .sort((a, b) => Math.abs(b.amount) - Math.abs(a.amount))
}

/** The learned reason in a sentence, then its parts, then their sum; nothing without a model. */
export function WhyKeep({ listingId }: { listingId: number }) {
  const { data } = useQuery(why(listingId))
  if (!data) return <div className="min-h-12" />
  if (data.chance === null) return <p className="text-ink-2">{data.missing}</p>
  const parts = together(data.contributions)
  const rest = parts.slice(SHOWN).reduce((sum, one) => sum + one.amount, 0)
  const base = data.base ?? 0
  const total = parts.reduce((sum, one) => sum + one.amount, base)
  return (
    <div className="grid gap-3">
      <p className="text-lead">{data.sentence}</p>
      <Contributions
        label={text.why.label}
        parts={[
          ...parts.slice(0, SHOWN),
          ...(parts.length > SHOWN ? [{ name: text.why.rest, amount: rest }] : []),
        ]}
      />
      <p className="note">{text.why.sum(base, total, data.chance)}</p>
    </div>
  )
}
