import { useMutation } from '@tanstack/react-query'

import { answer, type Schema, server } from '@/api/server'

export type Wish = Schema['CrateWish']
export type Crate = Schema['Crate']

/** Pack the best crate that a budget buys; nothing is asked of Discogs, nothing is kept. */
export const usePack = () =>
  useMutation({
    mutationFn: (body: Wish) => answer(server.POST('/api/v1/crates', { body })),
  })
