import type { SleeveWords } from '@/lib/sleeve'
import type { ReactNode } from 'react'

import { Sleeve } from './Sleeve'

interface RecordProps {
  words: SleeveWords
  /** What covers the sleeve for a while, such as a video. */
  over?: ReactNode
  children?: ReactNode
}

/** One record, large: the disc looks out of its sleeve, the sticker hangs over the corner. */
export function Record({ words, over, children }: RecordProps) {
  return (
    <div className="record">
      <span className="disc" aria-hidden="true" />
      <Sleeve {...words} isLettered />
      {over ? <div className="over">{over}</div> : <span className="hung">{children}</span>}
    </div>
  )
}
