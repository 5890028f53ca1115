import type { FocusEvent } from 'react'

import { text } from '@/lib/text'

import { type Asked, type Change, readAsked } from './asked'
import { Group } from './Facet'

type Kind = 'price' | 'year' | 'landed' | 'want' | 'have' | 'probability' | 'score'

interface RangeProps {
  kind: Kind
  asked: Asked
  onChange: (change: Change) => void
}

/** Either end of a range, alone or both; asked when the field is left, or by Enter. */
export function Range({ kind, asked, onChange }: RangeProps) {
  const ends = [`min_${kind}`, `max_${kind}`] as const
  const leave = (name: (typeof ends)[number]) => (event: FocusEvent<HTMLInputElement>) => {
    const value = event.target.value.trim()
    if (value !== shown(kind, asked[name])) {
      onChange((now) => readAsked({ ...now, [name]: value ? meant(kind, value) : undefined }))
    }
  }
  return (
    <div className="mt-1.5 flex items-center gap-2">
      {ends.map((name) => (
        <input
          key={`${name}${asked[name] ?? ''}`}
          inputMode={kind === 'year' ? 'numeric' : 'decimal'}
          aria-label={text.search.ends(name)}
          placeholder={name.startsWith('min') ? text.listing.from : text.listing.to}
          className="field min-h-7! min-w-0 px-2! font-data text-data"
          defaultValue={shown(kind, asked[name])}
          maxLength={12}
          onBlur={leave(name)}
          onKeyDown={(event) => {
            if (event.key === 'Enter') event.currentTarget.blur()
          }}
        />
      ))}
    </div>
  )
}

const MORE = ['landed', 'probability', 'score', 'want', 'have'] as const

/** The ranges that are asked for more seldom. */
export function Ranges({ asked, currency, onChange }: Omit<RangeProps, 'kind'> & { currency: string }) {
  return MORE.map((kind) => (
    <Group key={kind} name={kind === 'landed' ? text.search.priceIn(text.search.ranges[kind], currency) : text.search.ranges[kind]}>
      <Range kind={kind} asked={asked} onChange={onChange} />
    </Group>
  ))
}

/** Chances are typed in percent. */
const shown = (kind: Kind, value: string | number | undefined) =>
  value === undefined ? '' : String(kind === 'probability' ? Number(value) * 100 : value)

const meant = (kind: Kind, typed: string) =>
  kind === 'probability' ? Number.parseFloat(typed) / 100 : typed
