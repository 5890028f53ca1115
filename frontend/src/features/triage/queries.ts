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

/** Hide a label, an artist, a style or a seller; taken back by its toast. */
export function useHide() {
  const client = useQueryClient()
  const renew = () => {
    void client.invalidateQueries({ queryKey: ['listings'] })
    return client.invalidateQueries({ queryKey: ['hidden'] })
  }
  return useMutation({
    mutationFn: ({ kind, name }: Hiding) =>
      answer(server.POST('/api/v1/hidden', { body: { kind, name } })),
    onSuccess: ({ id, name }, { onShown }) => {
      const show = async () => {
        await answer(
          server.DELETE('/api/v1/hidden/{hidden_id}', { params: { path: { hidden_id: id } } }),
        )
        onShown()
        await renew()
      }
      toast(text.triage.hidden(name), () => {
        show().catch((error: unknown) => toast(String(error)))
      })
      return renew()
    },
    onError: (error, { onShown }) => {
      onShown()
      toast(error.message)
    },
  })
}

interface Hiding {
  kind: Schema['ToHide']['kind']
  name: string
  /** Called when it was taken back, or could not be done. */
  onShown: () => void
}

/** What serves, and how many verdicts are still wanted. */
export const wished = () =>
  queryOptions({ queryKey: ['taste'], queryFn: () => answer(server.GET('/api/v1/taste')) })
