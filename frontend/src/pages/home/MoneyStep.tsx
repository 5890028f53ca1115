import { type SubmitEvent, useId, useState } from 'react'

import type { Schema } from '@/api/server'
import { useChange } from '@/features/settings/queries'
import { text } from '@/lib/text'
import { Button } from '@/ui/Button'
import { Field } from '@/ui/Field'

interface MoneyStepProps {
  now: Schema['SettingsNow']
  onTold: () => void
}

/** Currency and country as they were guessed, once to be looked at. */
export function MoneyStep({ now, onTold }: MoneyStepProps) {
  const [currency, setCurrency] = useState(now.currency)
  const [country, setCountry] = useState(now.country)
  const change = useChange()
  const id = useId()
  const send = (event: SubmitEvent) => {
    event.preventDefault()
    const body = {
      ...(currency !== now.currency && { currency }),
      ...(country !== now.country && { country }),
    }
    if (Object.keys(body).length) change.mutate(body, { onSuccess: onTold })
    else onTold()
  }
  return (
    <form onSubmit={send}>
      <p className="mb-3 max-w-prose">{text.first.moneyWhy}</p>
      <div className="flex flex-wrap items-start gap-2">
        <div>
          <label htmlFor={id} className="mb-1 block text-note text-ink-2">
            {text.first.currency}
          </label>
          <select
            id={id}
            className="field w-28!"
            value={currency}
            disabled={now.fixed.includes('currency')}
            onChange={(event) => setCurrency(event.target.value)}
          >
            {now.currencies.map((code) => (
              <option key={code}>{code}</option>
            ))}
          </select>
        </div>
        <Field
          label={text.first.country}
          className="w-40"
          value={country}
          disabled={now.fixed.includes('country')}
          onChange={(event) => setCountry(event.target.value.toUpperCase())}
          fault={change.error?.message}
          maxLength={2}
          autoComplete="country"
        />
        <Button type="submit" kind="main" className="mt-5" isBusy={change.isPending}>
          {text.first.right}
        </Button>
      </div>
    </form>
  )
}
