import { queryOptions } from '@tanstack/react-query'

import { answer, type Schema, server } from '@/api/server'

export type Seller = Schema['Seller']

/** Every seller that you follow. */
export const sellers = () =>
  queryOptions({
    queryKey: ['sellers'],
    queryFn: () => answer(server.GET('/api/v1/sellers')),
  })
