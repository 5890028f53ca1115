import { useMutation, useQueryClient } from '@tanstack/react-query'

import { answer, server } from '@/api/server'
import { text } from '@/lib/text'
import { toast } from '@/lib/toasts'

/** What a pull would cost; asking costs one request itself. */
export function useEstimate() {
  const client = useQueryClient()
  return useMutation({
    mutationFn: (seller: string) =>
      answer(server.POST('/api/v1/pulls/estimate', { body: { seller, kind: 'auto' } })),
    onSettled: () => client.invalidateQueries({ queryKey: ['home'] }),
  })
}

/** Start a pull, or join the one that goes on. */
export function useStart() {
  const client = useQueryClient()
  return useMutation({
    mutationFn: (seller: string) =>
      answer(server.POST('/api/v1/pulls', { body: { seller, kind: 'auto' } })),
    onSuccess: async () => {
      await client.invalidateQueries({ queryKey: ['home'] })
      await client.invalidateQueries({ queryKey: ['pulls'] })
    },
  })
}

/** Call a pull off; what was read is kept. */
export function useCancel() {
  return useMutation({
    mutationFn: (id: string) =>
      answer(
        server.POST('/api/v1/pulls/{pull_id}/cancel', { params: { path: { pull_id: id } } }),
      ),
    // The stream tells of its end, and what follows from that.
    onSuccess: (pull) => toast(text.pulls.cancelled(pull.seller)),
  })
}
