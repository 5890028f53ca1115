import { useId, useState } from 'react'

import type { Schema } from '@/api/server'
import { Field } from '@/ui/Field'

type Now = Schema['SettingsNow']

/** Currency and country as they are typed; `changed`: what of it differs from what is kept. */
export function useMoney(now: Now) {
  const [currency, setCurrency] = useState(now.currency)
  const [country, setCountry] = useState(now.country)
  const changed = {
    ...(currency !== now.currency && { currency }),
    ...(country !== now.country && { country }),
  }
  return { currency, setCurrency, country, setCountry, changed, isSame: !Object.keys(changed).length }
}

interface MoneyFieldsProps {
  now: Now
  typed: ReturnType<typeof useMoney>
  names: { currency: string; country: string }
  fault: string | undefined
  /** Beside each other, as narrow as what is typed. */
  isNarrow?: boolean
}

/** In which currency prices are compared, and where records go. */
export function MoneyFields({ now, typed, names, fault, isNarrow = false }: MoneyFieldsProps) {
  const id = useId()
  return (
    <>
      <div>
        <label htmlFor={id} className="mb-1 block text-note text-ink-2">
          {names.currency}
        </label>
        <select
          id={id}
          className={isNarrow ? 'field w-28!' : 'field'}
          value={typed.currency}
          disabled={now.fixed.includes('currency')}
          onChange={(event) => typed.setCurrency(event.target.value)}
        >
          {now.currencies.map((code) => (
            <option key={code}>{code}</option>
          ))}
        </select>
      </div>
      <Field
        label={names.country}
        {...(isNarrow && { className: 'w-40' })}
        value={typed.country}
        disabled={now.fixed.includes('country')}
        onChange={(event) => typed.setCountry(event.target.value.toUpperCase())}
        fault={fault}
        maxLength={2}
        autoComplete="country"
      />
    </>
  )
}
