import { queryOptions, useMutation, useQueryClient } from '@tanstack/react-query'

import { answer, server } from '@/api/server'
import { text } from '@/lib/text'
import { toast } from '@/lib/toasts'

/** What serves, how good it is, what is missing. */
export const taste = () =>
  queryOptions({ queryKey: ['taste'], queryFn: () => answer(server.GET('/api/v1/taste')) })

export const likes = () =>
  queryOptions({
    queryKey: ['taste', 'likes'],
    queryFn: () => answer(server.GET('/api/v1/taste/likes')),
  })

export const models = () =>
  queryOptions({
    queryKey: ['taste', 'models'],
    queryFn: () => answer(server.GET('/api/v1/models')),
  })

/** Why a listing is for somebody; asked anew when another model serves. */
export const why = (listingId: number) =>
  queryOptions({
    queryKey: ['taste', 'why', listingId],
    queryFn: () =>
      answer(
        server.GET('/api/v1/listings/{listing_id}/why', {
          params: { path: { listing_id: listingId } },
        }),
      ),
    staleTime: 60_000,
  })

/** Learn again from all verdicts, in the background. */
export const useRefit = () =>
  useMutation({
    mutationFn: () => answer(server.POST('/api/v1/taste/refit')),
    onSuccess: () => toast(text.taste.refitting),
  })

/** Let another version serve: roll back, or forward. */
export function useVersion() {
  const client = useQueryClient()
  return useMutation({
    mutationFn: (version: number) =>
      answer(
        server.POST('/api/v1/models/{version}/use', { params: { path: { version } } }),
      ),
    onSuccess: () => client.invalidateQueries(),
  })
}
