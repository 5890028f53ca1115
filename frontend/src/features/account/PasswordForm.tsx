import { type SubmitEvent, useState } from 'react'

import { text } from '@/lib/text'
import { Button } from '@/ui/Button'
import { Field } from '@/ui/Field'
import { Section } from '@/ui/Section'

import { usePassword } from './queries'

const SHORTEST = 12 // letters

/** Another password for whoever is signed in. */
export function PasswordForm() {
  const [old, setOld] = useState('')
  const [next, setNext] = useState('')
  const change = usePassword()
  const words = text.account
  const send = (event: SubmitEvent) => {
    event.preventDefault()
    const clear = () => {
      setOld('')
      setNext('')
    }
    change.mutate({ old, new: next }, { onSuccess: clear })
  }
  return (
    <Section title={words.password} note={words.passwordNote}>
      <form onSubmit={send} className="grid max-w-sm gap-3">
        <Field
          label={words.oldPassword}
          type="password"
          autoComplete="current-password"
          value={old}
          onChange={(event) => setOld(event.target.value)}
          required
        />
        <Field
          label={text.signIn.newPassword}
          type="password"
          autoComplete="new-password"
          value={next}
          onChange={(event) => setNext(event.target.value)}
          fault={change.error?.message}
          minLength={SHORTEST}
          required
        />
        <Button type="submit" className="justify-self-start" isBusy={change.isPending}>
          {words.changePassword}
        </Button>
      </form>
    </Section>
  )
}
