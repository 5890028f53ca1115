import { queryOptions, useMutation, useQueryClient } from '@tanstack/react-query'

import { answer, type Schema, server } from '@/api/server'
import { text } from '@/lib/text'
import { toast } from '@/lib/toasts'

export type Shown = Schema['Shown']

/** Ten to judge: the same until all are judged, then ten more. */
export const batch = () =>
  queryOptions({
    queryKey: ['triage'],
    queryFn: () => answer(server.POST('/api/v1/triage', { body: { size: 10 } })),
    // Those ten stay on the table until somebody asks for more.
    staleTime: Infinity,
    gcTime: 0,
  })

type Kind = Schema['ToHide']['kind']

/** Hide a label, an artist or a seller; taken back by its toast. */
export function useHide() {
  const client = useQueryClient()
  const renew = () => client.invalidateQueries({ queryKey: ['hidden'] })
  return useMutation({
    mutationFn: ({ kind, name }: { kind: Kind; name: string }) =>
      answer(server.POST('/api/v1/hidden', { body: { kind, name } })),
    onSuccess: ({ id, name }) => {
      const show = () =>
        void answer(
          server.DELETE('/api/v1/hidden/{hidden_id}', { params: { path: { hidden_id: id } } }),
        ).then(renew)
      toast(text.triage.hidden(name), show)
      return renew()
    },
  })
}
