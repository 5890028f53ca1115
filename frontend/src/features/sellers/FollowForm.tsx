import { type SubmitEvent, useState } from 'react'

import { text } from '@/lib/text'
import { Button } from '@/ui/Button'
import { Field } from '@/ui/Field'

import { useFollow } from './queries'

/** Follow a seller by name; one request tells whether there is such a shop. */
export function FollowForm({ onFollowed }: { onFollowed: (name: string) => void }) {
  const [name, setName] = useState('')
  const follow = useFollow()
  const send = (event: SubmitEvent) => {
    event.preventDefault()
    follow.mutate(name.trim(), { onSuccess: (seller) => onFollowed(seller.seller) })
  }
  return (
    <form onSubmit={send} className="flex max-w-xl flex-wrap items-start gap-2">
      <Field
        label={text.sellers.followField}
        className="min-w-60 flex-1"
        value={name}
        onChange={(event) => setName(event.target.value)}
        fault={follow.error?.message}
        autoComplete="off"
        spellCheck={false}
        required
        maxLength={200}
      />
      <Button
        type="submit"
        kind="main"
        className="tablet:mt-5"
        cost={text.sellers.followCost}
        isBusy={follow.isPending}
      >
        {text.sellers.followDo}
      </Button>
    </form>
  )
}
