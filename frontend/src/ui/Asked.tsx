import type { UseQueryResult } from '@tanstack/react-query'
import type { ReactNode } from 'react'

import { text } from '@/lib/text'

import { StateBox } from './StateBox'

interface AskedProps<T> {
  query: UseQueryResult<T>
  /** What stands there meanwhile, of the same height as what will. */
  meanwhile: ReactNode
  children: (answer: T) => ReactNode
}

/** What the server answers: a place kept free, the answer, or why there is none. */
export function Asked<T>({ query, meanwhile, children }: AskedProps<T>) {
  // What was answered before stays while the server is away: it is still worth reading.
  if (query.data !== undefined) return children(query.data)
  if (query.isPending) return <div aria-busy="true">{meanwhile}</div>
  return (
    <StateBox title={text.states.failed} isBad>
      <p>{query.error?.message}</p>
      <button className="button small" onClick={() => void query.refetch()}>
        {text.states.again}
      </button>
    </StateBox>
  )
}
