import { useQuery } from '@tanstack/react-query'
import { memo } from 'react'

import { useRested } from '@/lib/rested'
import { Asked as Answer } from '@/ui/Asked'
import { Bones } from '@/ui/Bones'

import type { Asked, Change } from './asked'
import { Facet } from './Facet'
import { Histogram } from './Histogram'
import { facets, type FacetValues } from './queries'
import { Ranges } from './Range'
import { Styles } from './Styles'
import { Yours } from './Yours'

export interface FacetsProps {
  asked: Asked
  /** What is counted: the search whose rows are there; nothing anew while somebody types. */
  counted: Asked
  isTyping: boolean
  /** In which prices are typed. */
  currency: string
  onChange: (change: Change) => void
}

const REST_MILLISECONDS = 60
const ORDER: readonly FacetValues['facet'][] = [
  'style', 'genre', 'price', 'decade', 'grade', 'format', 'seller', 'country',
] // prettier-ignore

/** What there is of each kind, counted; a click narrows the search. */
export const Facets = memo(function Facets({ asked, counted, isTyping, currency, onChange }: FacetsProps) {
  // Rows come first: while somebody types, counts wait for the last letter.
  const rested = useRested(counted, REST_MILLISECONDS, { isHeld: isTyping })
  return (
    <Answer query={useQuery(facets(rested))} meanwhile={<Bones lines={24} height="h-6" />}>
      {(answer) => {
        const known = new Map(answer.facets.map((one) => [one.facet, one]))
        return (
          <>
            <Yours asked={asked} onChange={onChange} state={known.get('state')} newsSince={answer.news_since} />
            {ORDER.map((name) => known.get(name))
              .filter((one) => one !== undefined)
              .filter((one) => one.values.length > 0)
              .map((one) => {
                const props = { facet: one, asked, onChange }
                if (one.facet === 'style') return <Styles key={one.facet} {...props} />
                if (one.facet === 'price' || one.facet === 'decade') {
                  return <Histogram key={one.facet} {...props} />
                }
                return <Facet key={one.facet} {...props} />
              })}
            <Ranges asked={asked} currency={currency} onChange={onChange} />
          </>
        )
      }}
    </Answer>
  )
})
