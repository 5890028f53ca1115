import { infiniteQueryOptions, queryOptions, useMutation, useQueryClient } from '@tanstack/react-query'

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

/** All records of the day, the newest first, a hundred at a time. */
export const picks = () =>
  infiniteQueryOptions({
    queryKey: ['picks', 'all'],
    queryFn: ({ pageParam: before }) =>
      answer(
        server.GET('/api/v1/picks', {
          params: { query: before === null ? { limit: 100 } : { limit: 100, before } },
        }),
      ),
    initialPageParam: null as number | null,
    getNextPageParam: (last) => last.next_before ?? undefined,
  })

/** One of an earlier day. */
export const pickOf = (id: number) =>
  queryOptions({
    queryKey: ['picks', id],
    queryFn: () =>
      answer(server.GET('/api/v1/picks/{pick_id}', { params: { path: { pick_id: id } } })),
    staleTime: 60_000,
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
      client.setQueryData(pickOf(id).queryKey, pick)
      client.setQueryData(today().queryKey, (now) => (now?.id === id ? pick : now))
      return client.invalidateQueries({ queryKey: picks().queryKey })
    },
  })
}
