import { type ReactNode, type SubmitEvent, useState } from 'react'

import { text } from '@/lib/text'
import { Button } from '@/ui/Button'
import { Field } from '@/ui/Field'

interface NamePasswordProps {
  /** What the button does, in a word. */
  deed: string
  isNew?: boolean
  isBusy: boolean
  fault: string | undefined
  onSend: (name: string, password: string) => void
  children?: ReactNode
}

/** Who somebody is, and their password; nothing of it is kept in the page. */
export function NamePassword({ deed, isNew = false, isBusy, fault, onSend, children }: NamePasswordProps) {
  const [name, setName] = useState('')
  const [password, setPassword] = useState('')
  const send = (event: SubmitEvent) => {
    event.preventDefault()
    onSend(name, password)
  }
  return (
    <form onSubmit={send} className="grid gap-3">
      <Field
        label={text.signIn.name}
        value={name}
        onChange={(event) => setName(event.target.value)}
        autoComplete="username"
        autoCapitalize="none"
        spellCheck={false}
        required
        maxLength={100}
      />
      <Field
        label={isNew ? text.signIn.newPassword : text.signIn.password}
        type="password"
        value={password}
        onChange={(event) => setPassword(event.target.value)}
        autoComplete={isNew ? 'new-password' : 'current-password'}
        fault={fault}
        required
        minLength={isNew ? 12 : undefined}
      />
      <div className="flex flex-wrap gap-2">
        <Button type="submit" kind="main" isBusy={isBusy}>
          {deed}
        </Button>
        {children}
      </div>
    </form>
  )
}
