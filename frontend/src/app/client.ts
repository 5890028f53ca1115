import { QueryCache, QueryClient } from '@tanstack/react-query'

import { Refused, Unreachable } from '@/api/refused'

const cache = new QueryCache({
  // One answer shows that the server is back: what failed meanwhile is asked for again.
  onSuccess: () => {
    for (const query of cache.getAll()) {
      if (query.state.error instanceof Unreachable && query.state.fetchStatus === 'idle') {
        void query.fetch().catch(() => undefined) // the query keeps its error, and shows it
      }
    }
  },
})

/** What is answered is shown at once when it is asked again, and asked again behind it. */
export const client = new QueryClient({
  queryCache: cache,
  defaultOptions: {
    queries: {
      staleTime: 5_000,
      // A refusal is an answer; only a server that is away may do better a second time.
      retry: (failures, error) => !(error instanceof Refused && error.status < 500) && failures < 2,
    },
    mutations: { retry: false },
  },
})
