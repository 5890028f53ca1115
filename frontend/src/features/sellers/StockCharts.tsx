import { useQuery } from '@tanstack/react-query'
import { Link, useNavigate } from '@tanstack/react-router'

import type { Schema } from '@/api/server'
import { many, money } from '@/lib/format'
import { text } from '@/lib/text'
import { Asked } from '@/ui/Asked'
import { Bones } from '@/ui/Bones'
import { Bars } from '@/ui/plots/Bars'
import { Counts } from '@/ui/plots/Counts'
import { Section } from '@/ui/Section'

import { stockOf } from './queries'

type Value = Schema['Value']

/** Their stock by style, decade and price; each part leads to the listings in it. */
export function StockCharts({ seller }: { seller: string }) {
  return (
    <Asked query={useQuery(stockOf(seller))} meanwhile={<Bones lines={8} />}>
      {({ facets }) => {
        const of = (name: string) => facets.find((one) => one.facet === name)?.values ?? []
        return (
          <>
            <Styles seller={seller} values={of('style')} />
            <Spread seller={seller} kind="year" title={text.seller.decades} values={of('decade')} />
            <Spread seller={seller} kind="price" title={text.seller.prices} values={of('price')} />
          </>
        )
      }}
    </Asked>
  )
}

function Styles({ seller, values }: { seller: string; values: readonly Value[] }) {
  return (
    <Section title={text.seller.styles}>
      {values.length === 0 && <p className="text-ink-2">{text.seller.noStyles}</p>}
      <Counts
        rows={values.map(({ value, count }) => ({
          name: value,
          count,
          shown: (
            <Link to="/search" search={{ seller: [seller], style: [value] }}>
              {value}
            </Link>
          ),
        }))}
      />
    </Section>
  )
}

interface SpreadProps {
  seller: string
  kind: 'year' | 'price'
  title: string
  values: readonly Value[]
}

function Spread({ seller, kind, title, values }: SpreadProps) {
  const navigate = useNavigate()
  const sorted = [...values].sort((one, other) => start(one) - start(other))
  const [first, last] = [sorted[0], sorted.at(-1)]
  const open = (at: number) => {
    const value = sorted[at]
    if (value) void navigate({ to: '/search', search: { seller: [seller], ...rangeOf(kind, value) } })
  }
  return (
    <Section title={title}>
      {first && last ? (
        <Bars
          bars={sorted.map((value) => ({
            name: value.value,
            count: value.count,
            label: `${said(value)}: ${many(value.count, 'listing')}`,
          }))}
          ends={[said(first), said(last)]}
          onPick={open}
        />
      ) : (
        <p className="text-ink-2">{text.seller.unknown}</p>
      )}
    </Section>
  )
}

const start = ({ low, value }: Value) => low?.minor ?? Number.parseInt(value, 10)

function rangeOf(kind: 'year' | 'price', { low, high, value }: Value) {
  if (kind === 'price') return { ...(low && { min_price: low.amount }), ...(high && { max_price: high.amount }) }
  const from = Number.parseInt(value, 10)
  return { min_year: from, max_year: from + 9 }
}

function said({ low, high, value }: Value): string {
  if (!low) return value
  if (!high) return text.search.andMore(money(low))
  return low.minor ? `${money(low)} – ${high.amount}` : text.search.upTo(money(high))
}
