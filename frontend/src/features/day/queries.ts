import { queryOptions, useMutation, useQueryClient } from '@tanstack/react-query'

import { answer, type Schema, server } from '@/api/server'

export type Pick = Schema['Pick']

/** The record of the day; the first look draws it. */
export const today = () =>
  queryOptions({
    queryKey: ['picks', 'today'],
    queryFn: () => answer(server.GET('/api/v1/picks/today')),
    staleTime: 60_000,
  })

export const landscape = (id: number) =>
  queryOptions({
    queryKey: ['picks', id, 'landscape'],
    queryFn: () =>
      answer(server.GET('/api/v1/picks/{pick_id}/landscape', { params: { path: { pick_id: id } } })),
    staleTime: Infinity, // a draw does not change
  })

export const picks = () =>
  queryOptions({
    queryKey: ['picks', 'all'],
    queryFn: () => answer(server.GET('/api/v1/picks', { params: { query: { limit: 31 } } })),
  })

/** Another one in the place of the day's. */
export function useRedraw() {
  const client = useQueryClient()
  return useMutation({
    mutationFn: () => answer(server.POST('/api/v1/picks/redraw')),
    onSuccess: (pick) => {
      client.setQueryData(today().queryKey, pick)
      return client.invalidateQueries({ queryKey: picks().queryKey })
    },
  })
}

/** Say how desirable and how new it is; the answer tells what that moved. */
export function useVote(id: number) {
  const client = useQueryClient()
  return useMutation({
    mutationFn: (vote: Schema['NewVote']) =>
      answer(
        server.POST('/api/v1/picks/{pick_id}/votes', {
          params: { path: { pick_id: id } },
          body: vote,
        }),
      ),
    onSuccess: ({ pick }) => {
      client.setQueryData(today().queryKey, pick)
      return client.invalidateQueries({ queryKey: picks().queryKey })
    },
  })
}
