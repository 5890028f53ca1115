import { queryOptions } from '@tanstack/react-query'

import { answer, server } from '@/api/server'

/** How much is kept, what is new, which pulls go on, how much may be asked of Discogs. */
export const home = () =>
  queryOptions({
    queryKey: ['home'],
    queryFn: () => answer(server.GET('/api/v1/home')),
    // A pull that somebody starts elsewhere should show up without a reload.
    refetchInterval: 10_000,
  })
