import type { Schema } from '@/api/server'
import { count } from '@/lib/format'
import { text } from '@/lib/text'

/** What happened since you looked last, in four large figures. */
export function Tally({ news, counts }: { news: Schema['News']; counts: Schema['Kept'] }) {
  const figures = [
    [news.arrived, text.home.arrived, text.home.arrivedOf(counts.sellers)],
    [news.cheaper, text.home.cheaper, ''],
    [news.gone, text.home.gone, text.home.goneWhy],
    [counts.listings, text.home.kept, text.home.releases(counts.releases)],
  ] as const
  return (
    <dl className="mb-7 grid grid-cols-2 rounded-card border border-rule bg-card desk:grid-cols-4">
      {figures.map(([figure, what, more]) => (
        <div
          key={what}
          className="flex min-h-16 items-center gap-3 border-rule px-4 py-3 not-last:border-r max-desk:odd:border-r max-desk:even:border-r-0"
        >
          <dd className="font-divider text-title max-tablet:text-head">{count(figure)}</dd>
          <dt className="font-medium">
            {what}
            {more && <span className="block font-data text-data text-ink-3">{more}</span>}
          </dt>
        </div>
      ))}
    </dl>
  )
}
