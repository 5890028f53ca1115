import { useId } from 'react'

import { type Asked, readAsked, SORTS } from '@/features/search/asked'
import { text } from '@/lib/text'

/** In which order, and which way round. */
export function SortChoice({ asked, onAsk }: { asked: Asked; onAsk: (asked: Asked) => void }) {
  const id = useId()
  const sort = asked.sort ?? 'score'
  const isUsual = asked.direction === undefined
  const turned = DOWNWARDS.has(sort) ? 'asc' : 'desc'
  return (
    <span className="flex items-center gap-2 whitespace-nowrap">
      <label htmlFor={id} className="text-ink-2 max-tablet:sr-only">
        {text.search.sort}
      </label>
      <select
        id={id}
        className="field w-auto!"
        value={sort}
        onChange={(event) =>
          onAsk(readAsked({ ...asked, sort: event.target.value, direction: undefined }))
        }
      >
        {SORTS.map((one) => (
          <option key={one} value={one}>
            {text.search.sorts[one]}
          </option>
        ))}
      </select>
      <button
        type="button"
        className="button"
        aria-pressed={!isUsual}
        aria-label={text.search.turn}
        title={text.search.turn}
        onClick={() => onAsk(readAsked({ ...asked, direction: isUsual ? turned : undefined }))}
      >
        <span aria-hidden="true">{DOWNWARDS.has(sort) === isUsual ? '↓' : '↑'}</span>
      </button>
    </span>
  )
}

/** The best, the newest, the most wanted come first unless it is turned round. */
const DOWNWARDS: ReadonlySet<string> = new Set(['score', 'probability', 'discount', 'want_have', 'listed'])
