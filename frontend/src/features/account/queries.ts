import { queryOptions, useMutation, useQueryClient } from '@tanstack/react-query'

import { answer, type Schema, server } from '@/api/server'
import { text } from '@/lib/text'
import { toast } from '@/lib/toasts'

/** The browsers in which somebody is signed in. */
export const sessions = () =>
  queryOptions({ queryKey: ['sessions'], queryFn: () => answer(server.GET('/api/v1/sessions')) })

/** The ways in of their programs. */
export const tokens = () =>
  queryOptions({ queryKey: ['tokens'], queryFn: () => answer(server.GET('/api/v1/tokens')) })

export function useEndSession() {
  const client = useQueryClient()
  return useMutation({
    mutationFn: (id: number) =>
      answer(server.DELETE('/api/v1/sessions/{session_id}', { params: { path: { session_id: id } } })),
    onSuccess: () => client.invalidateQueries({ queryKey: ['sessions'] }),
    onError: (error) => toast(error.message),
  })
}

export function useMakeToken() {
  const client = useQueryClient()
  return useMutation({
    mutationFn: (body: Schema['TokenAsked']) => answer(server.POST('/api/v1/tokens', { body })),
    onSuccess: () => client.invalidateQueries({ queryKey: ['tokens'] }),
  })
}

export function useRevokeToken() {
  const client = useQueryClient()
  return useMutation({
    mutationFn: (id: number) =>
      answer(server.DELETE('/api/v1/tokens/{token_id}', { params: { path: { token_id: id } } })),
    onSuccess: () => client.invalidateQueries({ queryKey: ['tokens'] }),
    onError: (error) => toast(error.message),
  })
}

/** Another password; every other browser is signed out. */
export function usePassword() {
  const client = useQueryClient()
  return useMutation({
    mutationFn: (body: Schema['PasswordChange']) =>
      answer(server.PUT('/api/v1/session/password', { body })),
    onSuccess: () => {
      toast(text.account.passwordChanged)
      return client.invalidateQueries({ queryKey: ['sessions'] })
    },
  })
}
