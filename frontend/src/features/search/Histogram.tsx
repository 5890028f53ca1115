import { many, money } from '@/lib/format'
import { text } from '@/lib/text'
import { Bars } from '@/ui/plots/Bars'

import { type Asked, readAsked } from './asked'
import { type FacetProps, Group } from './Facet'
import type { Value } from './queries'
import { Range } from './Range'

/** How prices, or years, are spread; a bar is a range, and either end can be typed alone. */
export function Histogram({ facet, asked, onChange }: FacetProps) {
  const kind = facet.facet === 'price' ? 'price' : 'year'
  const values = [...facet.values].sort((one, other) => start(one) - start(other))
  const ranges = values.map((value) => rangeOf(kind, value))
  const isOn = (at: number) => {
    const [low, high] = ranges[at] ?? []
    const [from, to] = [asked[`min_${kind}`], asked[`max_${kind}`]]
    if (from === undefined && to === undefined) return false
    return (
      (from === undefined || Number(low ?? 0) >= Number.parseFloat(String(from))) &&
      (to === undefined || (high !== undefined && Number(high) <= Number.parseFloat(String(to))))
    )
  }
  const pick = (at: number) => {
    const [min, max] = ranges[at] ?? []
    const isSame = String(asked[`min_${kind}`]) === String(min) && String(asked[`max_${kind}`]) === String(max)
    const ends: Asked = isSame ? {} : readAsked({ [`min_${kind}`]: min, [`max_${kind}`]: max })
    onChange((now) =>
      readAsked({ ...now, [`min_${kind}`]: undefined, [`max_${kind}`]: undefined, ...ends }),
    )
  }
  const [first, last] = [values[0], values.at(-1)]
  return (
    <Group name={text.search.facets[facet.facet]}>
      <Bars
        bars={values.map((value, at) => ({
          name: value.value,
          count: value.count,
          isOn: isOn(at),
          label: `${band(value)}: ${many(value.count, 'listing')}`,
        }))}
        ends={[first ? short(first) : '', last ? short(last) : '']}
        onPick={pick}
      />
      <Range kind={kind} asked={asked} onChange={onChange} />
    </Group>
  )
}

const start = ({ low, value }: Value) => low?.minor ?? Number.parseInt(value, 10)

function rangeOf(kind: 'price' | 'year', { low, high, value }: Value) {
  if (kind === 'price') return [low?.minor ? low.amount : undefined, high?.amount] as const
  const from = Number.parseInt(value, 10)
  return [from, from + 9] as const
}

/** A value in full: "€ 10.00 – 19.99", "1990s". */
export function band({ low, high, value }: Value): string {
  if (!low) return value
  if (!high) return text.search.from(money(low))
  return low.minor === 0 ? text.search.upTo(money(high)) : `${money(low)} – ${high.amount}`
}

/** Where a bar begins, under it. */
export function short({ low, high, value }: Value): string {
  if (!low) return value
  return high ? money(low) : text.search.andMore(money(low))
}
