import { useMutation, useQueryClient } from '@tanstack/react-query'
import { type SubmitEvent, useState } from 'react'

import { answer, server } from '@/api/server'
import { many } from '@/lib/format'
import { text } from '@/lib/text'
import { toast } from '@/lib/toasts'
import { Button } from '@/ui/Button'
import { Field } from '@/ui/Field'

import { connection } from './connection'

/** Allow it on Discogs' own page (OAuth), and type in the code that stands there. */
export function AllowByCode() {
  const words = text.discogs
  const client = useQueryClient()
  const [code, setCode] = useState('')
  const begin = useMutation({ mutationFn: () => answer(server.POST('/api/v1/discogs/oauth')) })
  const finish = useMutation({
    mutationFn: () => answer(server.PUT('/api/v1/discogs/oauth', { body: { code: code.trim() } })),
    onSuccess: (after) => {
      begin.reset()
      client.setQueryData(connection().queryKey, after)
      toast(words.connected(after.username ?? ''))
      return client.invalidateQueries({ queryKey: ['home'] })
    },
  })
  const send = (event: SubmitEvent) => {
    event.preventDefault()
    finish.mutate()
  }
  if (!begin.data) {
    return (
      <>
        <Button
          className="justify-self-start"
          cost={text.pulls.oneRequest}
          isBusy={begin.isPending}
          onClick={() => begin.mutate()}
        >
          {words.allow}
        </Button>
        {begin.error && (
          <p role="alert" className="text-bad">
            {begin.error.message}
          </p>
        )}
      </>
    )
  }
  return (
    <form onSubmit={send} className="grid max-w-md gap-2">
      <p>
        <a href={begin.data.page} target="_blank" rel="noreferrer">
          {words.openPage}
        </a>{' '}
        {words.thenCode}
      </p>
      <Field
        label={words.code}
        autoComplete="one-time-code"
        spellCheck={false}
        value={code}
        onChange={(event) => setCode(event.target.value)}
        fault={finish.error?.message}
        required
        maxLength={100}
      />
      <Button type="submit" kind="main" className="justify-self-start" cost={many(2, 'request')} isBusy={finish.isPending}>
        {words.connect}
      </Button>
    </form>
  )
}
