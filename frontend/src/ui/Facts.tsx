import type { ReactNode } from 'react'

export type Fact = readonly [name: string, value: ReactNode]

interface FactsProps {
  facts: readonly Fact[]
  /** Some are named after people, who write themselves as they like. */
  areAsWritten?: boolean
}

/** Names and what they are worth, one a line; those unknown (null, '') are left out. */
export function Facts({ facts, areAsWritten = false }: FactsProps) {
  return (
    <dl className="grid grid-cols-[auto_1fr] gap-x-4 gap-y-1 font-data text-data">
      {facts
        .filter(([, value]) => value !== null && value !== '')
        .map(([name, value]) => (
          <div key={name} className="contents">
            <dt className={`text-ink-3 ${areAsWritten ? '' : 'first-letter:uppercase'}`}>{name}</dt>
            <dd className="min-w-0 break-words">{value}</dd>
          </div>
        ))}
    </dl>
  )
}
