import { queryOptions, useMutation, useQueryClient } from '@tanstack/react-query'

import { answer, type Schema, server } from '@/api/server'
import { text } from '@/lib/text'
import { toast } from '@/lib/toasts'

export type Preset = Schema['Preset']
export type Terms = Schema['KeeperTerms']

/** The rules that there are; one of them marks. */
export const presets = () =>
  queryOptions({ queryKey: ['presets'], queryFn: () => answer(server.GET('/api/v1/presets')) })

const path = (name: string) => ({ params: { path: { name } } })

const put = (name: string, rule: Terms) =>
  answer(server.PUT('/api/v1/presets/{name}', { ...path(name), body: rule }))

const take = (name: string) => answer(server.POST('/api/v1/presets/{name}/use', path(name)))

/** Other listings are marked then, on every page. */
function useRenew() {
  const client = useQueryClient()
  return () => client.invalidateQueries()
}

/** Keep a rule under a name. */
export function useKeep(onKept: () => void) {
  const renew = useRenew()
  return useMutation({
    mutationFn: ({ name, rule }: { name: string; rule: Terms }) => put(name, rule),
    onSuccess: async () => {
      toast(text.settings.saved)
      await renew()
      onKept()
    },
  })
}

/** Let another rule mark. */
export function useUse() {
  const renew = useRenew()
  return useMutation({
    mutationFn: take,
    onError: (error) => toast(error.message),
    onSettled: renew,
  })
}

/** Forget a rule, or let the first one be as it was shipped; taken back, it is as before. */
export function useForgetPreset() {
  const renew = useRenew()
  return useMutation({
    mutationFn: (one: Preset) => answer(server.DELETE('/api/v1/presets/{name}', path(one.name))),
    onError: (error) => toast(error.message),
    onSuccess: (_, { name, rule, is_used: wasUsed }) => {
      const back = async () => {
        await put(name, rule)
        if (wasUsed) await take(name)
        await renew()
      }
      toast(text.presets.forgotten(name), () => void back())
      return renew()
    },
  })
}
