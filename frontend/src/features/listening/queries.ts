import { queryOptions } from '@tanstack/react-query'

import { answer, server } from '@/api/server'
import { youtubeId } from '@/lib/video'

/** The videos that the catalogue of this machine knows of a release; nothing leaves this machine. */
export const videos = (releaseId: number) =>
  queryOptions({
    queryKey: ['videos', releaseId],
    queryFn: async () => {
      const path = { release_id: releaseId }
      const release = await answer(server.GET('/api/v1/releases/{release_id}', { params: { path } }))
      return [...new Set(release.videos.map(youtubeId).filter((id) => id !== null))]
    },
    staleTime: Infinity,
  })
