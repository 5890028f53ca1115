import { type SubmitEvent, useId, useState } from 'react'

import type { Schema } from '@/api/server'
import { text } from '@/lib/text'
import { Button } from '@/ui/Button'
import { Field } from '@/ui/Field'
import { Section } from '@/ui/Section'

import { useChange } from './queries'

/** In which currency prices are compared, and where records go. */
export function MoneyForm({ now }: { now: Schema['SettingsNow'] }) {
  const [currency, setCurrency] = useState(now.currency)
  const [country, setCountry] = useState(now.country)
  const id = useId()
  const change = useChange()
  const isFixed = (name: string) => now.fixed.includes(name)
  const send = (event: SubmitEvent) => {
    event.preventDefault()
    change.mutate({
      ...(currency !== now.currency && { currency }),
      ...(country !== now.country && { country }),
    })
  }
  const isSame = currency === now.currency && country === now.country
  return (
    <Section title={text.settings.money}>
      <form onSubmit={send} className="grid max-w-sm gap-3">
        <div>
          <label htmlFor={id} className="mb-1 block text-note text-ink-2">
            {text.settings.currency}
          </label>
          <select
            id={id}
            className="field"
            value={currency}
            disabled={isFixed('currency')}
            onChange={(event) => setCurrency(event.target.value)}
          >
            {now.currencies.map((code) => (
              <option key={code}>{code}</option>
            ))}
          </select>
        </div>
        <Field
          label={text.settings.country}
          value={country}
          disabled={isFixed('country')}
          onChange={(event) => setCountry(event.target.value.toUpperCase())}
          fault={change.error?.message}
          maxLength={2}
          autoComplete="country"
        />
        {now.fixed.map((name) => (
          <p key={name} className="note">
            {text.settings.fixed(name)}
          </p>
        ))}
        <Button type="submit" kind="main" className="justify-self-start" disabled={isSame} isBusy={change.isPending}>
          {text.settings.save}
        </Button>
      </form>
    </Section>
  )
}
