import type { SleeveWords } from '@/lib/sleeve'
import type { ReactNode } from 'react'

import { Sleeve } from './Sleeve'

/** One record, large: the disc looks out of its sleeve, the sticker hangs over the corner. */
export function Record({ words, children }: { words: SleeveWords; children?: ReactNode }) {
  return (
    <div className="record">
      <span className="disc" aria-hidden="true" />
      <Sleeve {...words} isLettered />
      <span className="hung">{children}</span>
    </div>
  )
}
