/** Who asks, as the server knows them.  Nothing of it is kept in the browser's storage. */
import { queryOptions } from '@tanstack/react-query'

import { answer, type Schema, server } from './server'

export type Session = Schema['Whoami']

let csrf: string | null = null

// Where many sign in, whoever changes something must send a word that only our own pages know.
server.use({
  onRequest({ request }) {
    if (csrf !== null && request.method !== 'GET') request.headers.set('X-CSRF-Token', csrf)
    return request
  },
})

export const session = () =>
  queryOptions({
    queryKey: ['session'],
    queryFn: async () => known(await answer(server.GET('/api/v1/session'))),
    staleTime: Infinity, // asked anew when a request is refused
    retry: false,
  })

/** Remember what must be sent with changes from now on. */
export function known(told: Session): Session {
  csrf = told.csrf ?? null
  return told
}

/** Whether somebody must sign in before anything else is shown. */
export const isSignedOut = (told: Session | undefined): told is Session =>
  told?.mode === 'server' && told.name === null
