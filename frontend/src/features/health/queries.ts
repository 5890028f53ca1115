import { queryOptions } from '@tanstack/react-query'

import { answer, server } from '@/api/server'

// The same answer as one that is ready: which part is missing, and why.
const NOT_READY = 503

/** Whether all parts of the installation work. */
export const readiness = () =>
  queryOptions({
    queryKey: ['readiness'],
    queryFn: () => answer(server.GET('/readyz'), NOT_READY),
    // Workers are noticed as gone after half a minute; asking costs one statement.
    refetchInterval: 15_000,
  })
