import { keepPreviousData, queryOptions } from '@tanstack/react-query'

import { answer, type Schema, server } from '@/api/server'

import { type Asked, termsOf } from './asked'

export const PAGE_SIZE = 25 // listings, a screen and some more: the fewer, the sooner they come

/** A page of what a search finds, the first one is 1. */
export const page = (asked: Asked, number: number) =>
  queryOptions({
    queryKey: ['listings', 'search', asked, number],
    queryFn: ({ signal }) =>
      answer(
        server.GET('/api/v1/listings', {
          params: { query: { ...asked, page: number, limit: PAGE_SIZE } },
          signal,
        }),
      ),
    staleTime: 60_000, // ages are told to the minute
  })

/** How many there are of each genre, style, format ...; the old counts stay until the new come. */
export const facets = (asked: Asked) => {
  const terms = termsOf(asked)
  return queryOptions({
    queryKey: ['listings', 'facets', terms],
    queryFn: ({ signal }) =>
      answer(server.GET('/api/v1/facets', { params: { query: terms }, signal })),
    staleTime: 60_000,
    placeholderData: keepPreviousData,
  })
}

/** Names for what was typed; the old ones stay until the new come. */
export const suggestions = (typed: string) =>
  queryOptions({
    queryKey: ['suggest', typed],
    queryFn: ({ signal }) =>
      answer(server.GET('/api/v1/suggest', { params: { query: { q: typed, limit: 3 } }, signal })),
    staleTime: 60_000,
    placeholderData: keepPreviousData,
  })

/** How many a search finds, and nothing else. */
export const total = (asked: Asked) =>
  queryOptions({
    queryKey: ['listings', 'total', asked],
    queryFn: ({ signal }) =>
      answer(server.GET('/api/v1/listings', { params: { query: { ...asked, limit: 1 } }, signal })),
    staleTime: 60_000,
    select: (page) => page.count ?? 0,
  })

export type Suggestion = Schema['Suggestion']
export type FacetValues = Schema['FacetValues']
export type Value = Schema['Value']
