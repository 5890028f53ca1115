import { infiniteQueryOptions, queryOptions, useMutation, useQueryClient } from '@tanstack/react-query'

import { answer, server } from '@/api/server'
import { text } from '@/lib/text'
import { toast } from '@/lib/toasts'

/** Who has an account here. */
export const accounts = () =>
  queryOptions({ queryKey: ['people', 'accounts'], queryFn: () => answer(server.GET('/api/v1/accounts')) })

/** Invitations that still let somebody in. */
export const invitations = () =>
  queryOptions({
    queryKey: ['people', 'invitations'],
    queryFn: () => answer(server.GET('/api/v1/invitations')),
  })

/** Who did what, the newest first, a hundred at a time. */
export const deeds = () =>
  infiniteQueryOptions({
    queryKey: ['people', 'deeds'],
    queryFn: ({ pageParam: before }) =>
      answer(
        server.GET('/api/v1/audit', { params: { query: before === null ? {} : { before } } }),
      ),
    initialPageParam: null as number | null,
    getNextPageParam: (last) => (last.length < 100 ? undefined : last.at(-1)?.id),
  })

function useRenewed<T, A>(deed: (asked: T) => Promise<A>, said?: (asked: T) => string) {
  const client = useQueryClient()
  return useMutation({
    mutationFn: deed,
    onSuccess: (_, asked) => {
      if (said) toast(said(asked))
      return client.invalidateQueries({ queryKey: ['people'] })
    },
    onError: (error) => toast(error.message),
  })
}

export const useInvite = () =>
  useRenewed((role: 'member' | 'owner') =>
    answer(server.POST('/api/v1/invitations', { body: { role } })),
  )

export const useWithdraw = () =>
  useRenewed((id: number) =>
    answer(
      server.DELETE('/api/v1/invitations/{invitation_id}', { params: { path: { invitation_id: id } } }),
    ),
  )

/** Shut somebody out, or let them in again; what they have stays. */
export const useShut = () =>
  useRenewed(
    ({ name, isShut }: { name: string; isShut: boolean }) => {
      const params = { path: { name } }
      return answer(
        isShut
          ? server.POST('/api/v1/accounts/{name}/disable', { params })
          : server.POST('/api/v1/accounts/{name}/enable', { params }),
      )
    },
    ({ name, isShut }) => (isShut ? text.people.isShut(name) : text.people.isLet(name)),
  )
