import { type QueryClient, useQuery, useQueryClient } from '@tanstack/react-query'
import { useEffect } from 'react'

import { isOver, pull, type Pull } from './queries'

/** What a finished pull makes old. */
const TOUCHED = ['home', 'sellers', 'listings']

/** A pull while it goes on, told by the server at each change; begins with what is known of it. */
export function useWatched(known: Pull): Pull {
  const client = useQueryClient()
  const { data: now } = useQuery({ ...pull(known.id), initialData: known })
  const wasOver = isOver(known)

  useEffect(() => {
    if (wasOver) return
    // The browser comes back by itself after a lost connection, and each event holds all.
    const events = new EventSource(`/api/v1/pulls/${encodeURIComponent(known.id)}/events`)
    const tell = (event: MessageEvent) => {
      const told = JSON.parse(String(event.data)) as Pull
      client.setQueryData(pull(known.id).queryKey, told)
      // The last progress tells of the end, before the event named so.
      if (!isOver(told)) return
      events.close()
      renew(client)
    }
    events.addEventListener('progress', tell)
    events.addEventListener('end', tell)
    return () => {
      // Whoever stops showing a pull, since it is in no list any more, shows what came of it.
      if (events.readyState !== EventSource.CLOSED) renew(client)
      events.close()
    }
  }, [client, known.id, wasOver])

  return now
}

function renew(client: QueryClient): void {
  for (const room of TOUCHED) void client.invalidateQueries({ queryKey: [room] })
  // Lists of pulls too; the pull itself was told by the stream.
  void client.invalidateQueries({ queryKey: ['pulls', 'of'] })
}
