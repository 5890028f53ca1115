import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { type SubmitEvent, useState } from 'react'

import { answer, type Schema, server } from '@/api/server'
import { session } from '@/api/session'
import { moment } from '@/lib/format'
import { text } from '@/lib/text'
import { toast } from '@/lib/toasts'
import { Asked } from '@/ui/Asked'
import { Bones } from '@/ui/Bones'
import { Button } from '@/ui/Button'
import { Facts } from '@/ui/Facts'
import { Field } from '@/ui/Field'
import { Section } from '@/ui/Section'

import { AllowByCode } from './AllowByCode'
import { connection } from './connection'

/** Whose Discogs account is connected; connect one, or forget it. */
export function Discogs() {
  const words = text.discogs
  return (
    <Section title={words.title} note={words.note}>
      <Asked query={useQuery(connection())} meanwhile={<Bones lines={3} />}>
        {(now) => (
          <div className="grid gap-3">
            {now.username !== null && <Connected now={now} />}
            {now.is_told ? <p>{words.told}</p> : now.username === null && <p>{words.notConnected}</p>}
            <Connect now={now} />
          </div>
        )}
      </Asked>
    </Section>
  )
}

function Connected({ now }: { now: Schema['Connection'] }) {
  const words = text.discogs
  const client = useQueryClient()
  const forget = useMutation({
    mutationFn: () => answer(server.DELETE('/api/v1/discogs')),
    onSuccess: (after) => {
      client.setQueryData(connection().queryKey, after)
      toast(words.forgotten)
    },
  })
  return (
    <div className="flex flex-wrap items-start justify-between gap-3">
      <Facts
        facts={[
          [words.username, <b key="name">{now.username}</b>],
          [words.kind, now.kind && words.kinds[now.kind]],
          [words.since, now.connected_at && moment(now.connected_at)],
          [words.allows, words.aMinute(now.requests_a_minute)],
        ]}
      />
      <Button kind="loss" isBusy={forget.isPending} onClick={() => forget.mutate()}>
        {words.forget}
      </Button>
    </div>
  )
}

function Connect({ now }: { now: Schema['Connection'] }) {
  const words = text.discogs
  const client = useQueryClient()
  const [token, setToken] = useState('')
  const connect = useMutation({
    mutationFn: () => answer(server.PUT('/api/v1/discogs', { body: { token: token.trim() } })),
    onSuccess: (after) => {
      setToken('') // nothing of it stays in the page
      client.setQueryData(connection().queryKey, after)
      toast(words.connected(after.username ?? ''))
      return client.invalidateQueries({ queryKey: ['home'] })
    },
  })
  const { data: who } = useQuery(session())
  const allow = useMutation({
    mutationFn: () => answer(server.POST('/api/v1/session/discogs')),
    onSuccess: ({ page }) => window.location.assign(page),
  })
  const send = (event: SubmitEvent) => {
    event.preventDefault()
    connect.mutate()
  }
  return (
    <>
      {now.may_allow && who?.mode === 'local' && <AllowByCode />}
      {now.may_allow && who?.mode === 'server' && (
        <Button className="justify-self-start" isBusy={allow.isPending || allow.isSuccess} onClick={() => allow.mutate()}>
          {words.allow}
        </Button>
      )}
      <form onSubmit={send} className="grid max-w-md gap-2">
        <Field
          label={now.username === null ? words.token : words.anotherToken}
          type="password"
          autoComplete="off"
          spellCheck={false}
          value={token}
          onChange={(event) => setToken(event.target.value)}
          fault={connect.error?.message ?? allow.error?.message}
          required
        />
        <p className="note">
          {words.tokenWhy}{' '}
          <a href={now.where} target="_blank" rel="noreferrer">
            {words.makeOne}
          </a>
        </p>
        <Button type="submit" className="justify-self-start" cost={text.pulls.oneRequest} isBusy={connect.isPending}>
          {words.connect}
        </Button>
      </form>
    </>
  )
}
