import { queryOptions } from '@tanstack/react-query'

import { answer, server } from '@/api/server'

/** Whose Discogs account is connected. */
export const connection = () =>
  queryOptions({ queryKey: ['connection'], queryFn: () => answer(server.GET('/api/v1/discogs')) })
