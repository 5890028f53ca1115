import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'

import { answer, server } from '@/api/server'
import { text } from '@/lib/text'
import { toast } from '@/lib/toasts'

interface Wanted {
  release_id: number
  artist: string
  title: string
}

/** Put releases on the wantlist: here at once, at Discogs a little later, and not when undone. */
export function useWant() {
  const client = useQueryClient()
  const [added, setAdded] = useState<ReadonlySet<number>>(new Set())
  const mark = (id: number, isWanted: boolean) =>
    setAdded((before) => {
      const after = new Set(before)
      if (isWanted) after.add(id)
      else after.delete(id)
      return after
    })
  const renew = () => client.invalidateQueries({ queryKey: ['wants'] })
  const remove = useMutation({
    mutationFn: (changeId: number) =>
      answer(
        server.DELETE('/api/v1/wants/outbox/{change_id}', { params: { path: { change_id: changeId } } }),
      ),
    onSuccess: ({ release_id: id }) => {
      mark(id, false)
      return renew()
    },
    onError: (error) => toast(error.message),
  })
  const add = useMutation({
    mutationFn: ({ release_id }: Wanted) =>
      answer(server.POST('/api/v1/wants', { body: { release_id } })),
    onMutate: ({ release_id: id }) => mark(id, true),
    onSuccess: ({ change }, { artist, title }) => {
      const name = `${artist}: ${title}`
      if (change === null) toast(text.wants.already(name))
      else toast(text.wants.added(name), () => remove.mutate(change.id))
      return renew()
    },
    onError: (error, { release_id: id }) => {
      mark(id, false)
      toast(error.message)
    },
  })
  return { want: add.mutate, added }
}
