import { queryOptions, useMutation, useQueryClient } from '@tanstack/react-query'

import { answer, type Schema, server } from '@/api/server'

export type Seller = Schema['Seller']

/** Every seller that you follow. */
export const sellers = () =>
  queryOptions({
    queryKey: ['sellers'],
    queryFn: () => answer(server.GET('/api/v1/sellers')),
  })

/** One seller that you follow. */
export const seller = (name: string) =>
  queryOptions({
    queryKey: ['sellers', name],
    queryFn: () => answer(server.GET('/api/v1/sellers/{name}', { params: { path: { name } } })),
  })

/** Their stock by style, decade and price. */
export const stockOf = (name: string) =>
  queryOptions({
    queryKey: ['listings', 'stock', name],
    queryFn: () =>
      answer(
        server.GET('/api/v1/facets', {
          params: { query: { seller: [name], facet: ['style', 'decade', 'price'], limit: 8 } },
        }),
      ),
  })

/** Follow a seller: one request for their profile. */
export function useFollow() {
  const client = useQueryClient()
  return useMutation({
    mutationFn: (name: string) =>
      answer(server.POST('/api/v1/sellers', { body: { seller: name } })),
    onSuccess: () => client.invalidateQueries({ queryKey: ['sellers'] }),
  })
}

/** Hear no more news of a seller, or hear them again. */
export function useMute(name: string) {
  const client = useQueryClient()
  return useMutation({
    mutationFn: (isMuted: boolean) =>
      answer(
        server.PATCH('/api/v1/sellers/{name}', {
          params: { path: { name } },
          body: { is_muted: isMuted },
        }),
      ),
    onSuccess: (changed) => client.setQueryData(seller(name).queryKey, changed),
  })
}

/** Follow a seller no more; their stock leaves the index, and `leave` their page before that. */
export function useForget(name: string, leave: () => Promise<void>) {
  const client = useQueryClient()
  return useMutation({
    mutationFn: () =>
      answer(server.DELETE('/api/v1/sellers/{name}', { params: { path: { name } } })),
    onSuccess: async () => {
      await leave()
      client.removeQueries({ queryKey: seller(name).queryKey })
      // Their page may still be leaving: nothing that names them is asked again.
      const named = JSON.stringify(name)
      await client.invalidateQueries({
        predicate: ({ queryKey }) => !JSON.stringify(queryKey).includes(named),
      })
    },
  })
}
