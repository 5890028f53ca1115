import { queryOptions, useMutation, useQueryClient } from '@tanstack/react-query'

import { answer, type Schema, server } from '@/api/server'
import { text } from '@/lib/text'
import { toast } from '@/lib/toasts'

export type Schedule = Schema['Schedule']
type Change = Schema['ScheduleChange']

/** How often a seller is looked at by itself. */
export const schedulesOf = (seller: string) =>
  queryOptions({
    queryKey: ['schedules', seller],
    queryFn: () => answer(server.GET('/api/v1/schedules', { params: { query: { seller } } })),
  })

const put = (seller: string, kind: string, body: Change) =>
  answer(
    server.PUT('/api/v1/schedules/{kind}', { params: { path: { kind }, query: { seller } }, body }),
  )

/** Look more or less often, or not at all; taken back by its toast. */
export function useReschedule(seller: string, before: Schedule) {
  const client = useQueryClient()
  const renew = () => client.invalidateQueries({ queryKey: ['schedules'] })
  const { kind, every_minutes, is_on } = before
  return useMutation({
    mutationFn: (change: Change) => put(seller, kind, change),
    onSuccess: () => {
      toast(text.looks.changed, () => void put(seller, kind, { every_minutes, is_on }).then(renew))
      return renew()
    },
    onError: (error) => toast(error.message),
  })
}
