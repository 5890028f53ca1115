import { useQuery } from '@tanstack/react-query'
import { type SubmitEvent, useState } from 'react'

import { text } from '@/lib/text'
import { Button } from '@/ui/Button'
import { Dialog } from '@/ui/Dialog'
import { Field } from '@/ui/Field'

import type { Asked } from './asked'
import { searches, useKeep, type Way } from './saved'
import { WayChoice } from './WayChoice'

/** Keep what is asked under a name; the name of one that is kept lets that one find this. */
export function SaveSearch({ asked, onClose }: { asked: Asked; onClose: () => void }) {
  const { data } = useQuery(searches())
  const [name, setName] = useState('')
  const [way, setWay] = useState<Way | ''>('')
  const [target, setTarget] = useState('')
  const keep = useKeep()
  const known = data?.searches.find((one) => one.name === name.trim())
  const send = (event: SubmitEvent) => {
    event.preventDefault()
    keep.mutate(
      { name: name.trim(), asked, known, way: way || undefined, target },
      { onSuccess: onClose },
    )
  }
  return (
    <Dialog title={text.searches.save} onClose={onClose}>
      <form onSubmit={send} className="grid gap-4">
        <Field
          label={text.searches.name}
          value={name}
          onChange={(event) => setName(event.target.value)}
          fault={keep.error?.message}
          list="known-searches"
          required
          maxLength={100}
          autoFocus
        />
        <datalist id="known-searches">
          {data?.searches.map((one) => (
            <option key={one.id} value={one.name} />
          ))}
        </datalist>
        <WayChoice way={way} target={target} onWay={setWay} onTarget={setTarget} />
        <div className="flex justify-end gap-2">
          <Button onClick={onClose}>{text.seller.notNow}</Button>
          <Button type="submit" kind="main" isBusy={keep.isPending}>
            {known ? text.searches.change(known.name) : text.searches.save}
          </Button>
        </div>
      </form>
    </Dialog>
  )
}
