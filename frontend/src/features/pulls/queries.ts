import { queryOptions } from '@tanstack/react-query'

import { answer, type Schema, server } from '@/api/server'

export type Pull = Schema['Pull']

const OVER = new Set(['done', 'stopped', 'failed', 'cancelled'])

export const isOver = (pull: Pull) => OVER.has(pull.state)

/** One pull as it stands; `watch` keeps it fresh while it goes on. */
export const pull = (id: string) =>
  queryOptions({
    queryKey: ['pulls', id],
    queryFn: () => answer(server.GET('/api/v1/pulls/{pull_id}', { params: { path: { pull_id: id } } })),
    // The stream tells every change: asking as well would only show older news.
    staleTime: Infinity,
  })

/** The pulls of a seller: those that wait first, then the newest. */
export const pullsOf = (seller: string) =>
  queryOptions({
    queryKey: ['pulls', 'of', seller],
    queryFn: () =>
      answer(server.GET('/api/v1/pulls', { params: { query: { seller, limit: 5 } } })),
  })
