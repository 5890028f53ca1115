import type { SubmitEvent } from 'react'

import type { Schema } from '@/api/server'
import { text } from '@/lib/text'
import { Button } from '@/ui/Button'
import { Section } from '@/ui/Section'

import { MoneyFields, useMoney } from './MoneyFields'
import { useChange } from './queries'

const isOfMoney = (name: string) => name === 'currency' || name === 'country'

/** In which currency prices are compared, and where records go. */
export function MoneyForm({ now }: { now: Schema['SettingsNow'] }) {
  const typed = useMoney(now)
  const change = useChange()
  const send = (event: SubmitEvent) => {
    event.preventDefault()
    change.mutate(typed.changed)
  }
  return (
    <Section title={text.settings.money}>
      <form onSubmit={send} className="grid max-w-sm gap-3">
        <MoneyFields now={now} typed={typed} names={text.settings} fault={change.error?.message} />
        {now.fixed.filter(isOfMoney).map((name) => (
          <p key={name} className="note">
            {text.settings.fixed(name)}
          </p>
        ))}
        <Button type="submit" kind="main" className="justify-self-start" disabled={typed.isSame} isBusy={change.isPending}>
          {text.settings.save}
        </Button>
      </form>
    </Section>
  )
}
