import { useMutation, useQueryClient } from '@tanstack/react-query'

import { answer, type Schema, server } from '@/api/server'
import { known, type Session, session } from '@/api/session'

const isOfSomebody = ({ queryKey }: { queryKey: readonly unknown[] }) =>
  queryKey[0] !== session().queryKey[0]

/** Another person sees nothing that the one before was told. */
function useBegin() {
  const client = useQueryClient()
  return (told: Session) => {
    client.removeQueries({ predicate: isOfSomebody })
    client.setQueryData(session().queryKey, known(told))
  }
}

export function useSignIn() {
  const begin = useBegin()
  return useMutation({
    mutationFn: (body: Schema['SignIn']) => answer(server.POST('/api/v1/session', { body })),
    onSuccess: begin,
  })
}

export function useJoin() {
  const begin = useBegin()
  return useMutation({
    mutationFn: (body: Schema['Join']) => answer(server.POST('/api/v1/session/join', { body })),
    onSuccess: begin,
  })
}

/** Off to Discogs, which sends the browser back here. */
export const useDiscogs = () =>
  useMutation({
    mutationFn: () => answer(server.POST('/api/v1/session/discogs')),
    onSuccess: ({ page }) => window.location.assign(page),
  })

export function useSignOut() {
  const client = useQueryClient()
  return useMutation({
    mutationFn: () => answer(server.DELETE('/api/v1/session')),
    onSuccess: () => {
      const key = session().queryKey
      client.setQueryData(key, (told) => known({ ...told, mode: 'server', name: null, csrf: null }))
      // Once no page is shown any more that would ask again for what is forgotten.
      setTimeout(() => client.removeQueries({ predicate: isOfSomebody }))
      return client.invalidateQueries({ queryKey: key })
    },
  })
}
