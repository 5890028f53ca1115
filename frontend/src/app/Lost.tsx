import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useEffect } from 'react'

import { Unreachable } from '@/api/refused'
import { home } from '@/features/home/queries'
import { text } from '@/lib/text'

/** Says that the server does not answer, for as long as it does not: what is shown grows old. */
export function Lost() {
  const client = useQueryClient()
  const { error, failureReason } = useQuery(home())
  useEffect(() => {
    // Asked at once when the network goes or comes, not at the next turn.
    const look = () => void client.invalidateQueries({ queryKey: home().queryKey })
    window.addEventListener('offline', look)
    window.addEventListener('online', look)
    return () => {
      window.removeEventListener('offline', look)
      window.removeEventListener('online', look)
    }
  }, [client])
  const isLost = (failureReason ?? error) instanceof Unreachable
  return (
    <p role="status" className={isLost ? 'lost' : 'sr-only'}>
      {isLost && text.shell.lost}
    </p>
  )
}
