import { useQuery } from '@tanstack/react-query'
import { type SubmitEvent, useState } from 'react'

import { ago } from '@/lib/format'
import { text } from '@/lib/text'
import { Asked } from '@/ui/Asked'
import { Bones } from '@/ui/Bones'
import { Button } from '@/ui/Button'
import { Choice } from '@/ui/Choice'
import { Field } from '@/ui/Field'
import { Section } from '@/ui/Section'
import { Secret } from '@/ui/Secret'

import { tokens, useMakeToken, useRevokeToken } from './queries'

/** Programs' ways in; the secret of a new one is shown once, here. */
export function Tokens() {
  const make = useMakeToken()
  const revoke = useRevokeToken()
  const words = text.account
  return (
    <Section title={words.tokens} note={words.tokensNote}>
      <MakeToken make={make} />
      {make.data?.secret && <Secret words={words.secret} secret={make.data.secret} />}
      <Asked query={useQuery(tokens())} meanwhile={<Bones lines={1} />}>
        {(found) => (
          <ul>
            {found.map((one) => (
              <li key={one.id} className="flex items-center justify-between gap-3 border-b border-rule py-2">
                <span className="font-data text-data">
                  <b>{one.name}</b> {words.scopes[one.scope as 'read' | 'write']}
                  <span className="block text-ink-3">
                    {one.used_at ? words.used(ago(one.used_at)) : words.unused}
                  </span>
                </span>
                <Button isSmall kind="loss" onClick={() => revoke.mutate(one.id)}>
                  {words.revoke}
                  <span className="sr-only">{`: ${one.name}`}</span>
                </Button>
              </li>
            ))}
          </ul>
        )}
      </Asked>
    </Section>
  )
}

function MakeToken({ make }: { make: ReturnType<typeof useMakeToken> }) {
  const [name, setName] = useState('')
  const [scope, setScope] = useState<'read' | 'write'>('read')
  const send = (event: SubmitEvent) => {
    event.preventDefault()
    make.mutate({ name, scope }, { onSuccess: () => setName('') })
  }
  return (
    <form onSubmit={send} className="mb-3 flex flex-wrap items-end gap-2">
      <Field
        className="min-w-40 flex-1"
        label={text.account.tokenName}
        value={name}
        onChange={(event) => setName(event.target.value)}
        fault={make.error?.message}
        required
        maxLength={60}
      />
      <Choice label={text.account.scope} options={text.account.scopes} chosen={scope} onChoose={setScope} />
      <Button type="submit" isBusy={make.isPending}>
        {text.account.makeToken}
      </Button>
    </form>
  )
}
