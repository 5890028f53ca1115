import { queryOptions, useMutation, useQueryClient } from '@tanstack/react-query'

import { answer, type Schema, server } from '@/api/server'
import { text } from '@/lib/text'
import { toast } from '@/lib/toasts'

import { type Asked, readQuery, termsOf } from './asked'

export type Saved = Schema['SavedSearch']
export type Alert = Schema['Alert']
export type Way = Alert['way']

export const searches = () =>
  queryOptions({
    queryKey: ['searches'],
    queryFn: () => answer(server.GET('/api/v1/searches')),
  })

export const alerts = () =>
  queryOptions({ queryKey: ['alerts'], queryFn: () => answer(server.GET('/api/v1/alerts')) })

const renewed = (client: ReturnType<typeof useQueryClient>) =>
  Promise.all([
    client.invalidateQueries({ queryKey: ['searches'] }),
    client.invalidateQueries({ queryKey: ['alerts'] }),
  ])

const save = (name: string, asked: Asked) =>
  answer(server.POST('/api/v1/searches', { params: { query: termsOf(asked) }, body: { name } }))

const tell = (body: Schema['ToTell']) => answer(server.POST('/api/v1/alerts', { body }))

interface ToKeep {
  name: string
  asked: Asked
  /** The one that finds this from now on; undefined: a new one. */
  known?: Saved | undefined
  way?: Way | undefined
  target?: string
}

/** Keep a search under a name, and tell of it where that is wished. */
export function useKeep() {
  const client = useQueryClient()
  return useMutation({
    mutationFn: async ({ name, asked, known, way, target = '' }: ToKeep) => {
      const kept = known
        ? await answer(
            server.PUT('/api/v1/searches/{search_id}', {
              params: { path: { search_id: known.id }, query: termsOf(asked) },
              body: { name },
            }),
          )
        : await save(name, asked)
      if (way) await tell({ search_id: kept.id, way, target, may_be_private: false })
      return kept
    },
    onSuccess: ({ name }) => toast(text.searches.kept(name)),
    // The search may be kept although its alert was refused.
    onSettled: () => renewed(client),
  })
}

/** Forget a search with its alerts; taken back, both are made again. */
export function useForgetSearch() {
  const client = useQueryClient()
  return useMutation({
    mutationFn: async ({ search, told }: { search: Saved; told: readonly Alert[] }) => {
      await answer(
        server.DELETE('/api/v1/searches/{search_id}', { params: { path: { search_id: search.id } } }),
      )
      return { search, told }
    },
    onSuccess: ({ search, told }) => {
      const again = async () => {
        const { id } = await save(search.name, readQuery(search.query))
        for (const { way, target, may_be_private } of told) {
          await tell({ search_id: id, way, target, may_be_private })
        }
        await renewed(client)
      }
      toast(text.searches.forgotten(search.name), () => void again())
      return renewed(client)
    },
  })
}

/** Tell of a saved search from now on. */
export function useTell() {
  const client = useQueryClient()
  return useMutation({ mutationFn: tell, onSuccess: () => renewed(client) })
}

/** Tell no more; taken back, it tells from then on. */
export function useForgetAlert() {
  const client = useQueryClient()
  return useMutation({
    mutationFn: async (alert: Alert) => {
      await answer(
        server.DELETE('/api/v1/alerts/{alert_id}', { params: { path: { alert_id: alert.id } } }),
      )
      return alert
    },
    onSuccess: ({ search, search_id, way, target, may_be_private }) => {
      const again = () =>
        void tell({ search_id, way, target, may_be_private }).then(() => renewed(client))
      toast(text.searches.silent(search), again)
      return renewed(client)
    },
  })
}
