import { queryOptions } from '@tanstack/react-query'

import { answer, type Schema, server } from '@/api/server'

export type Listing = Schema['Listing']

/** The best listings that are for sale. */
export const best = (limit: number) =>
  queryOptions({
    queryKey: ['listings', 'best', limit],
    queryFn: () => answer(server.GET('/api/v1/listings', { params: { query: { limit } } })),
  })
