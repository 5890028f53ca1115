import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'

import { videos } from './queries'

/** What can be heard of a release, and whether it is being heard. */
export function useListening(releaseId: number) {
  const { data, isPending } = useQuery(videos(releaseId))
  const [playing, setPlaying] = useState<number | null>(null)
  const found = data ?? []
  const isPlaying = playing === releaseId && found.length > 0
  /** Play or stop; without a video that is known, the release's page at Discogs. */
  const toggle = () => {
    if (found.length > 0) setPlaying(isPlaying ? null : releaseId)
    else window.open(`https://www.discogs.com/release/${releaseId}`, '_blank', 'noopener,noreferrer')
  }
  return { videos: found, isKnown: !isPending, isPlaying, toggle }
}

export type Listening = ReturnType<typeof useListening>
