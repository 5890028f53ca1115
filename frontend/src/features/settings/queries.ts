import { queryOptions, useMutation, useQueryClient } from '@tanstack/react-query'

import { answer, type Schema, server } from '@/api/server'
import { text } from '@/lib/text'
import { toast } from '@/lib/toasts'

export const settings = () =>
  queryOptions({
    queryKey: ['settings'],
    queryFn: () => answer(server.GET('/api/v1/settings')),
  })

/** Another currency or country, old prices hidden or not: every price on every page is another. */
export function useChange() {
  const client = useQueryClient()
  return useMutation({
    mutationFn: (body: Schema['SettingsChange']) =>
      answer(server.PATCH('/api/v1/settings', { body })),
    onSuccess: (now) => {
      client.setQueryData(settings().queryKey, now)
      toast(text.settings.saved)
      return client.invalidateQueries({ predicate: ({ queryKey }) => queryKey[0] !== 'settings' })
    },
  })
}

export const hidden = () =>
  queryOptions({
    queryKey: ['hidden'],
    queryFn: () => answer(server.GET('/api/v1/hidden')),
  })

/** Show again what was hidden; and hide it again, when that was a slip. */
export function useShowAgain() {
  const client = useQueryClient()
  const renew = () => client.invalidateQueries()
  return useMutation({
    mutationFn: async (one: Schema['Hidden']) => {
      await answer(
        server.DELETE('/api/v1/hidden/{hidden_id}', { params: { path: { hidden_id: one.id } } }),
      )
      return one
    },
    onSuccess: ({ kind, name }) => {
      const hideAgain = () =>
        void answer(server.POST('/api/v1/hidden', { body: { kind, name } })).then(renew)
      toast(text.settings.shown(name), hideAgain)
      return renew()
    },
  })
}

export const postage = () =>
  queryOptions({
    queryKey: ['postage'],
    queryFn: () => answer(server.GET('/api/v1/postage')),
  })
