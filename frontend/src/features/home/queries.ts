import { queryOptions, useMutation, useQueryClient } from '@tanstack/react-query'

import { answer, server } from '@/api/server'
import { text } from '@/lib/text'
import { toast } from '@/lib/toasts'

/** How much is kept, what is new, which pulls go on, how much may be asked of Discogs. */
export const home = () =>
  queryOptions({
    queryKey: ['home'],
    queryFn: () => answer(server.GET('/api/v1/home')),
    // A pull that somebody starts elsewhere should show up without a reload.
    refetchInterval: 10_000,
  })

const look = (at?: string) =>
  answer(server.POST('/api/v1/home/looked', { params: { query: at ? { at } : {} } }))

/** Begin the news anew; taken back, they begin where they did before. */
export function useLook(since: string) {
  const client = useQueryClient()
  const renew = () => client.invalidateQueries({ queryKey: ['home'] })
  return useMutation({
    mutationFn: () => look(),
    onSuccess: () => {
      toast(text.home.nowSeen, () => void look(since).then(renew))
      return renew()
    },
  })
}
