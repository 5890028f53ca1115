import { queryOptions } from '@tanstack/react-query'

import { answer, type Schema, server } from '@/api/server'

/** A listing; on a page of a search it also tells what it comes to. */
export type Listing = Schema['Listing'] & Partial<Schema['FoundListing']>
export type ListingInFull = Schema['ListingInFull']

/** The best listings that are for sale. */
export const best = (limit: number) =>
  queryOptions({
    queryKey: ['listings', 'best', limit],
    queryFn: () => answer(server.GET('/api/v1/listings', { params: { query: { limit } } })),
  })

/** The best of one seller. */
export const bestOf = (name: string, limit: number) =>
  queryOptions({
    queryKey: ['listings', 'of', name, limit],
    queryFn: () =>
      answer(
        server.GET('/api/v1/sellers/{name}/listings', {
          params: { path: { name }, query: { limit } },
        }),
      ),
  })

/** One listing with every change of its price. */
export const listing = (id: number) =>
  queryOptions({
    queryKey: ['listings', id],
    queryFn: () =>
      answer(server.GET('/api/v1/listings/{listing_id}', { params: { path: { listing_id: id } } })),
  })

/** A release, and its copies at the sellers that were read, the cheapest first. */
export const release = (id: number) =>
  queryOptions({
    queryKey: ['listings', 'release', id],
    queryFn: () =>
      answer(server.GET('/api/v1/releases/{release_id}', { params: { path: { release_id: id } } })),
  })
