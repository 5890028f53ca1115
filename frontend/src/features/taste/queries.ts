import { queryOptions, useMutation, useQueryClient } from '@tanstack/react-query'

import { answer, type Schema, server } from '@/api/server'
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

/** What each threshold would have got right and found. */
export const cuts = () =>
  queryOptions({
    queryKey: ['taste', 'cuts'],
    queryFn: () => answer(server.GET('/api/v1/taste/cuts')),
  })

const SIDE = 5 // listings shown on each side of a threshold

/** What stands on both sides of a threshold, of what is for sale and not judged. */
export const around = (threshold: number) =>
  queryOptions({
    queryKey: ['taste', 'around', threshold],
    queryFn: async () => {
      const query = { judged: 'neither', sort: 'probability', limit: SIDE } as const
      const get = (more: object) =>
        answer(server.GET('/api/v1/listings', { params: { query: { ...query, ...more } } }))
      const [over, under] = await Promise.all([
        get({ min_probability: threshold, direction: 'asc' }),
        get({ max_probability: threshold, direction: 'desc' }),
      ])
      return { over, under }
    },
    staleTime: 60_000,
  })

/** Another kind of model from the next refit on, or another threshold. */
export function useChoice() {
  const client = useQueryClient()
  return useMutation({
    mutationFn: (body: Schema['TasteChange']) => answer(server.PATCH('/api/v1/taste', { body })),
    onSuccess: (now) => {
      client.setQueryData(taste().queryKey, now)
      toast(text.settings.saved)
      // Who is called a keeper is another question now.
      return client.invalidateQueries({ queryKey: ['listings'] })
    },
  })
}

/** Let the rule score serve, until a refit is promoted. */
export function useRule() {
  const client = useQueryClient()
  return useMutation({
    mutationFn: () => answer(server.POST('/api/v1/models/rule/use')),
    onSuccess: () => client.invalidateQueries(),
  })
}

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

const LOOK_MILLISECONDS = 500

/** What a job of learning came to, once it is over.  Throws its sentence when it failed. */
async function learned(jobId: string): Promise<Schema['Learning']> {
  for (;;) {
    const job = await answer(
      server.GET('/api/v1/taste/jobs/{job_id}', { params: { path: { job_id: jobId } } }),
    )
    if (job.error !== null) throw new Error(job.error)
    if (job.state !== 'queued' && job.state !== 'running') return job
    await new Promise((resolve) => setTimeout(resolve, LOOK_MILLISECONDS))
  }
}

/** Learn again from all verdicts, in the background; what it came to is told. */
export function useRefit() {
  const client = useQueryClient()
  return useMutation({
    mutationFn: async () => {
      const asked = await answer(server.POST('/api/v1/taste/refit'))
      toast(text.taste.refitting)
      return learned(asked.job_id)
    },
    onSuccess: (job) => {
      if (job.outcome !== null) toast(job.outcome)
      return client.invalidateQueries()
    },
  })
}

/** Let another version serve, back or forward: it does once it told a chance of every listing. */
export function useVersion() {
  const client = useQueryClient()
  return useMutation({
    mutationFn: async (version: number) => {
      const asked = await answer(
        server.POST('/api/v1/models/{version}/use', { params: { path: { version } } }),
      )
      return learned(asked.job_id)
    },
    onSuccess: () => client.invalidateQueries(),
  })
}
