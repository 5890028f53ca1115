import type { ReactNode } from 'react'

import { count } from '@/lib/format'

export interface Counted {
  name: string
  count: number
  /** The name as it is shown: a link, mostly. */
  shown: ReactNode
}

/** How many there are of each: bars, with the count in figures at the right. */
export function Counts({ rows }: { rows: readonly Counted[] }) {
  const most = Math.max(...rows.map((row) => row.count), 1)
  return (
    <ul className="font-data text-data">
      {rows.map((row) => (
        <li key={row.name} className="grid min-h-6 grid-cols-[7rem_minmax(0,1fr)_3.5rem] items-center gap-2">
          <span className="truncate">{row.shown}</span>
          <svg viewBox="0 0 100 10" preserveAspectRatio="none" className="h-2.5 w-full" aria-hidden="true">
            <rect width={(100 * row.count) / most} height="10" fill="var(--p-bar)" />
          </svg>
          <span className="text-right">{count(row.count)}</span>
        </li>
      ))}
    </ul>
  )
}
