import { Link } from '@tanstack/react-router'
import type { ReactNode } from 'react'

import { text } from '@/lib/text'
import { StateBox } from '@/ui/StateBox'

/** Nothing can be shown, most likely since no stock was read: why, and the way to some. */
export function NoStock({ title, children }: { title: string; children: ReactNode }) {
  return (
    <StateBox title={title}>
      <p className="max-w-prose">{children}</p>
      <Link to="/sellers" className="button main">
        {text.sellers.toSellers}
      </Link>
    </StateBox>
  )
}
