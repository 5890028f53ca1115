import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'

import { count, money } from '@/lib/format'
import { text } from '@/lib/text'
import { Asked as Answer } from '@/ui/Asked'
import { Bones } from '@/ui/Bones'

import { type Asked, type List, readAsked, toggled } from './asked'
import { facets, type FacetValues, type Value } from './queries'
import { Range } from './Range'

const SHOWN = 8

interface FacetsProps {
  asked: Asked
  onAsk: (asked: Asked) => void
}

/** What there is of each kind, counted; a click narrows the search. */
export function Facets({ asked, onAsk }: FacetsProps) {
  return (
    <Answer query={useQuery(facets(asked))} meanwhile={<Bones lines={16} height="h-6" />}>
      {(answer) =>
        answer.facets
          .filter(({ facet, values }) => values.length > 0 && facet !== 'state')
          .map((one) => <Facet key={one.facet} facet={one} asked={asked} onAsk={onAsk} />)
      }
    </Answer>
  )
}

function Facet({ facet, asked, onAsk }: FacetsProps & { facet: FacetValues }) {
  const [isWhole, setIsWhole] = useState(false)
  const name = text.search.facets[facet.facet]
  const shown = isWhole ? facet.values : facet.values.slice(0, SHOWN)
  const more = facet.values.length - shown.length
  return (
    <fieldset className="border-b border-rule py-3 first:pt-0">
      <legend className="float-left mb-1 w-full font-semibold">{name}</legend>
      <ul className="clear-both">
        {shown.map((value) => (
          <li key={value.value} className="flex items-center">
            <Choice facet={facet.facet} value={value} asked={asked} onAsk={onAsk} />
          </li>
        ))}
      </ul>
      {more > 0 && (
        <button type="button" className="note min-h-6 underline" onClick={() => setIsWhole(true)}>
          {text.search.more(more)}
        </button>
      )}
      {facet.facet === 'price' && <Range kind="price" asked={asked} onAsk={onAsk} />}
      {facet.facet === 'decade' && <Range kind="year" asked={asked} onAsk={onAsk} />}
    </fieldset>
  )
}

interface ChoiceProps extends FacetsProps {
  facet: FacetValues['facet']
  value: Value
}

function Choice({ facet, value, asked, onAsk }: ChoiceProps) {
  const { isOn, next } = chosen(facet, value, asked)
  const isOut = facet === 'style' && asked.style_not?.includes(value.value)
  return (
    <>
      <label className="flex min-h-6 flex-1 items-center gap-2 font-data text-data pointer-coarse:min-h-10">
        <input
          type="checkbox"
          className="size-3.5 accent-ink"
          checked={isOn}
          onChange={() => onAsk(next)}
        />
        <span className={`min-w-0 flex-1 truncate ${isOn ? 'font-bold' : ''} ${isOut ? 'text-skip line-through' : ''}`}>
          {facet === 'price' ? band(value) : value.value}
        </span>
        <span className="text-ink-3">{count(value.count)}</span>
      </label>
      {facet === 'style' && (
        <button
          type="button"
          aria-pressed={isOut}
          aria-label={text.search.not(value.value)}
          className="ml-1 size-6 text-skip"
          onClick={() => onAsk(toggled(asked, 'style_not', value.value))}
        >
          −
        </button>
      )}
    </>
  )
}

/** Whether a value is chosen, and the search with it, or without it. */
function chosen(
  facet: FacetValues['facet'],
  { value, low, high }: Value,
  asked: Asked,
): { isOn: boolean; next: Asked } {
  if (facet === 'grade') {
    const isOn = asked.min_grade === value
    return { isOn, next: readAsked({ ...asked, min_grade: isOn ? undefined : value }) }
  }
  if (facet === 'decade') {
    const from = Number.parseInt(value, 10)
    const isOn = asked.min_year === from && asked.max_year === from + 9
    const years = isOn ? {} : { min_year: from, max_year: from + 9 }
    return { isOn, next: readAsked({ ...asked, min_year: undefined, max_year: undefined, ...years }) }
  }
  if (facet === 'price') {
    const [min, max] = [low?.minor ? low.amount : undefined, high?.amount]
    const isOn = asked.min_price === min && asked.max_price === max
    const ends = isOn ? {} : { min_price: min, max_price: max }
    return { isOn, next: readAsked({ ...asked, min_price: undefined, max_price: undefined, ...ends }) }
  }
  const list = facet as List
  return { isOn: asked[list]?.includes(value) ?? false, next: toggled(asked, list, value) }
}

function band({ low, high, value }: Value): string {
  if (!low) return value
  if (!high) return text.search.from(money(low))
  return low.minor === 0 ? text.search.upTo(money(high)) : `${money(low)} – ${high.amount}`
}
