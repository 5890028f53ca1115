import { queryOptions, useMutation, useQueryClient } from '@tanstack/react-query'

import { answer, type Schema, server } from '@/api/server'
import { digitsOf } from '@/lib/format'
import { text } from '@/lib/text'
import { toast } from '@/lib/toasts'

export type Rule = Schema['Rule']

/** What sending records to you costs, as far as it was entered. */
export const postage = () =>
  queryOptions({
    queryKey: ['postage'],
    queryFn: () => answer(server.GET('/api/v1/postage')),
  })

export interface Typed {
  currency: string
  first: string
  further: string
}

/** "3,50" → 350; null where it is no amount. */
export function minorOf(typed: string, currency: string): number | null {
  const plain = typed.trim().replace(',', '.')
  if (!/^\d+(\.\d+)?$/.test(plain)) return null
  return Math.round(Number(plain) * 10 ** digitsOf(currency))
}

/** Minor units as they are typed: 350 → "3.50". */
export const typedOf = (minor: number | null, currency: string) =>
  minor === null ? '' : (minor / 10 ** digitsOf(currency)).toFixed(digitsOf(currency))

/** Note what a seller takes; every landed price is another then. */
export function useNotePostage(seller: string, known: Rule | undefined) {
  const client = useQueryClient()
  return useMutation({
    mutationFn: ({ currency, first, further }: Typed) => {
      const terms = {
        currency,
        first_minor: minorOf(first, currency),
        further_minor: minorOf(further, currency),
        tiers: known?.tiers ?? [],
        source: known?.source ?? '',
      }
      return known
        ? answer(
            server.PUT('/api/v1/postage/{rule_id}', {
              params: { path: { rule_id: known.id } },
              body: terms,
            }),
          )
        : answer(server.POST('/api/v1/postage', { body: { ...terms, seller } }))
    },
    onSuccess: () => {
      toast(text.postage.noted(seller))
      return client.invalidateQueries()
    },
  })
}

/** Forget it; taken back, it is noted again. */
export function useForgetPostage() {
  const client = useQueryClient()
  return useMutation({
    mutationFn: async (rule: Rule) => {
      await answer(
        server.DELETE('/api/v1/postage/{rule_id}', { params: { path: { rule_id: rule.id } } }),
      )
      return rule
    },
    onSuccess: ({ seller, origin, currency, first_minor, further_minor, tiers, source }) => {
      const body = { seller, origin, currency, first_minor, further_minor, tiers, source }
      const again = () =>
        void answer(server.POST('/api/v1/postage', { body })).then(() => client.invalidateQueries())
      toast(text.settings.forgotten, again)
      return client.invalidateQueries()
    },
  })
}
