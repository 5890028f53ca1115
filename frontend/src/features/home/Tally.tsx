import { Link } from '@tanstack/react-router'
import type { ReactNode } from 'react'

import type { Schema } from '@/api/server'
import { count } from '@/lib/format'
import { text } from '@/lib/text'

interface TallyProps {
  news: Schema['News']
  counts: Schema['Kept']
  /** What to do next, at the end. */
  next: ReactNode
}

/** What happened since you looked last, in four large figures, and what to do next. */
export function Tally({ news, counts, next }: TallyProps) {
  const figures = [
    [news.arrived, text.home.arrived, text.home.arrivedOf(counts.sellers), { since: news.since }],
    [news.cheaper, text.home.cheaper, '', { dropped_since: news.since }],
    [news.gone, text.home.gone, text.home.goneWhy, null],
    [counts.listings, text.home.kept, text.home.releases(counts.releases), {}],
  ] as const
  return (
    <div className="tally">
      <dl>
        {figures.map(([figure, what, more, search]) => (
          <div key={what}>
            <dd className="font-divider text-title max-tablet:text-head">{count(figure)}</dd>
            <dt className="min-w-0 font-medium">
              {search && figure ? (
                <Link to="/search" search={search}>
                  {what}
                </Link>
              ) : (
                what
              )}
              {more && <span className="block font-data text-data text-ink-3">{more}</span>}
            </dt>
          </div>
        ))}
      </dl>
      {next}
    </div>
  )
}
