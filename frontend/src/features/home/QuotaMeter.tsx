import { useQuery } from '@tanstack/react-query'

import { text } from '@/lib/text'

import { home } from './queries'

/** How much of Discogs' minute is left, for everybody behind this address. */
export function QuotaMeter() {
  const { data } = useQuery(home())
  if (!data) return <span className="h-4 w-32" />
  const used = Math.max(0, data.limit - data.remaining)
  return (
    <div
      className="flex items-center gap-2 font-data text-note font-medium text-ink-2"
      title={text.shell.quota}
    >
      <svg viewBox="0 0 120 12" className="h-3 w-30 max-desk:hidden" aria-hidden="true">
        {Array.from({ length: data.limit }, (_, tick) => (
          <rect
            key={tick}
            x={(tick * 120) / data.limit}
            y="0"
            width={120 / data.limit - 0.7}
            height="12"
            fill={tick < used ? 'var(--ink-2)' : 'var(--divider)'}
          />
        ))}
      </svg>
      <span>{text.shell.left(data.remaining, data.limit)}</span>
    </div>
  )
}
