import type { SubmitEvent } from 'react'

import type { Schema } from '@/api/server'
import { MoneyFields, useMoney } from '@/features/settings/MoneyFields'
import { useChange } from '@/features/settings/queries'
import { text } from '@/lib/text'
import { Button } from '@/ui/Button'

interface MoneyStepProps {
  now: Schema['SettingsNow']
  onTold: () => void
}

/** Currency and country as they were guessed, once to be looked at. */
export function MoneyStep({ now, onTold }: MoneyStepProps) {
  const typed = useMoney(now)
  const change = useChange()
  const send = (event: SubmitEvent) => {
    event.preventDefault()
    if (typed.isSame) onTold()
    else change.mutate(typed.changed, { onSuccess: onTold })
  }
  return (
    <form onSubmit={send}>
      <p className="mb-3 max-w-prose">{text.first.moneyWhy}</p>
      <div className="flex flex-wrap items-start gap-2">
        <MoneyFields now={now} typed={typed} names={text.first} fault={change.error?.message} isNarrow />
        <Button type="submit" kind="main" className="mt-5" isBusy={change.isPending}>
          {text.first.right}
        </Button>
      </div>
    </form>
  )
}
