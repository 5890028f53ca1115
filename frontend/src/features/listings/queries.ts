import { queryOptions } from '@tanstack/react-query'

import { answer, type Schema, server } from '@/api/server'

/** A listing; on a page of a search it also tells what it comes to. */
export type Listing = Schema['Listing'] & Partial<Schema['FoundListing']>
export type ListingInFull = Schema['ListingInFull']

/** How many of the best are shown; public/early.js asks for as many. */
export const SHOWN = 10

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

/** The copies of a record at the sellers that are followed, the cheapest landed first. */
export const copiesOf = (releaseId: number, masterId: number | null) =>
  queryOptions({
    queryKey: ['listings', 'copies', releaseId, masterId],
    queryFn: async () => {
      const path = { release_id: releaseId }
      // A master's copies are those of all its pressings, this one's too.
      const found = await (masterId === null
        ? answer(server.GET('/api/v1/releases/{release_id}', { params: { path } }))
        : answer(
            server.GET('/api/v1/masters/{master_id}/copies', { params: { path: { master_id: masterId } } }),
          ))
      return found.copies
    },
  })
