import { MutationCache, QueryCache, QueryClient } from '@tanstack/react-query'

import { Refused, Unreachable } from '@/api/refused'
import { session } from '@/api/session'

/** A session that ended elsewhere, or a page that does not know its word yet. */
function ask(error: Error): void {
  const isStrange = error instanceof Refused && (error.status === 401 || error.problem.type?.endsWith('csrf'))
  if (isStrange) void client.invalidateQueries({ queryKey: session().queryKey })
}

const cache = new QueryCache({
  onError: ask,
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
  mutationCache: new MutationCache({ onError: ask }),
  defaultOptions: {
    queries: {
      staleTime: 5_000,
      // The server may be this machine: whether there is a network beyond says nothing of it.
      networkMode: 'always',
      refetchOnReconnect: true,
      // A refusal is an answer; only a server that is away may do better a second time.
      retry: (failures, error) => !(error instanceof Refused && error.status < 500) && failures < 2,
    },
    mutations: { retry: false, networkMode: 'always' },
  },
})
