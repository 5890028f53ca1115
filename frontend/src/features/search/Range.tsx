import type { FocusEvent } from 'react'

import { text } from '@/lib/text'

import { type Asked, readAsked } from './asked'

interface RangeProps {
  kind: 'price' | 'year'
  asked: Asked
  onAsk: (asked: Asked) => void
}

/** Either end of a range, alone or both; asked when the field is left, or by Enter. */
export function Range({ kind, asked, onAsk }: RangeProps) {
  const ends = [`min_${kind}`, `max_${kind}`] as const
  const leave = (name: (typeof ends)[number]) => (event: FocusEvent<HTMLInputElement>) => {
    const value = event.target.value.trim()
    if (value !== String(asked[name] ?? '')) onAsk(readAsked({ ...asked, [name]: value || undefined }))
  }
  return (
    <div className="mt-1.5 flex items-center gap-2">
      {ends.map((name) => (
        <input
          key={`${name}${asked[name] ?? ''}`}
          inputMode={kind === 'year' ? 'numeric' : 'decimal'}
          aria-label={text.search.ends[name]}
          placeholder={name.startsWith('min') ? text.listing.from : text.listing.to}
          className="field min-h-7! min-w-0 px-2! font-data text-data"
          defaultValue={asked[name] ?? ''}
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
