import { text } from '@/lib/text'

import { type Asked, isNarrow, LISTS, readAsked, type Single, SINGLES, toggled } from './asked'

interface ChipsProps {
  asked: Asked
  /** In which a price without a unit counts. */
  currency: string
  onAsk: (asked: Asked) => void
}

const WITHOUT: readonly string[] = ['style_not']
const PRICES: readonly string[] = ['min_price', 'max_price', 'min_landed', 'max_landed']

/** What the search asks for, each part with a way to leave it out. */
export function Chips({ asked, currency, onAsk }: ChipsProps) {
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
            isOut={WITHOUT.includes(list)}
            onLeave={() => onAsk(toggled(asked, list, value))}
          />
        )),
      )}
      {SINGLES.filter((name) => asked[name] !== undefined).map((name) => (
        <Chip
          key={name}
          {...said(name, asked, currency)}
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

/** What a single part is called, and what it is: flags say all by their name. */
function said(name: Single, asked: Asked, currency: string): { name: string; value: string; isOut?: boolean } {
  const value = asked[name]
  if (typeof value === 'boolean') {
    return { name: value ? '' : text.search.without, value: text.search.names[name], isOut: !value }
  }
  const words = name === 'judged' ? text.search.judgedAs[asked.judged ?? 'either'] : String(value)
  const isMoment = name === 'since' || name === 'dropped_since' || name === 'listed_since'
  if (isMoment) return { name: text.search.names[name], value: words.slice(0, 10) }
  return { name: text.search.names[name], value: PRICES.includes(name) ? priced(words, currency) : words }
}

/** A typed price with its unit: that which was typed, or the reader's own. */
const priced = (typed: string, currency: string) =>
  /^[\d.,]+$/.test(typed) ? `${typed} ${currency}`.trim() : typed

interface ChipProps {
  name: string
  value: string
  isOut?: boolean
  onLeave: () => void
}

function Chip({ name, value, isOut = false, onLeave }: ChipProps) {
  return (
    <li>
      <button
        type="button"
        className={`chip ${isOut ? 'out' : ''}`}
        aria-label={text.search.leave(`${name} ${value}`.trim())}
        onClick={onLeave}
      >
        {name && <span className="what">{name}</span>} {value} <span aria-hidden="true">×</span>
      </button>
    </li>
  )
}
