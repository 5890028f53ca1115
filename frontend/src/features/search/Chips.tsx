import { text } from '@/lib/text'

import { type Asked, isNarrow, LISTS, readAsked, toggled } from './asked'

interface ChipsProps {
  asked: Asked
  onAsk: (asked: Asked) => void
}

const SINGLES = [
  'q', 'min_price', 'max_price', 'max_landed', 'min_year', 'max_year', 'min_grade', 'judged', 'wanted', 'since', 'dropped_since',
] as const // prettier-ignore

/** What the search asks for, each part with a way to leave it out. */
export function Chips({ asked, onAsk }: ChipsProps) {
  if (!isNarrow(asked)) return null
  const { sort, direction } = asked
  return (
    <ul aria-label={text.search.asks} className="flex flex-wrap gap-1.5">
      {LISTS.flatMap((list) =>
        (asked[list] ?? []).map((value) => (
          <Chip
            key={list + value}
            name={text.search.names[list]}
            value={value}
            onLeave={() => onAsk(toggled(asked, list, value))}
          />
        )),
      )}
      {SINGLES.filter((name) => asked[name] !== undefined).map((name) => (
        <Chip
          key={name}
          name={text.search.names[name]}
          value={text.search.values[String(asked[name])] ?? String(asked[name])}
          onLeave={() => onAsk(readAsked({ ...asked, [name]: undefined }))}
        />
      ))}
      <li>
        <button
          type="button"
          className="chip border-dashed! bg-transparent!"
          onClick={() => onAsk(readAsked({ sort, direction }))}
        >
          {text.search.clear}
        </button>
      </li>
    </ul>
  )
}

function Chip({ name, value, onLeave }: { name: string; value: string; onLeave: () => void }) {
  return (
    <li>
      <button
        type="button"
        className="chip"
        aria-label={text.search.leave(`${name} ${value}`)}
        onClick={onLeave}
      >
        <span className="text-ink-2">{name}</span> {value} <span aria-hidden="true">×</span>
      </button>
    </li>
  )
}
