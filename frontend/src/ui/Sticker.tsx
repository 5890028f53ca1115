import type { ReactNode } from 'react'

interface StickerProps {
  /** What its fill says: an ordinary price, under the usual one, came down, old, or gone. */
  kind?: 'usual' | 'deal' | 'drop' | 'stale' | 'gone'
  isBig?: boolean | undefined
  title?: string | undefined
  children: ReactNode
}

/** A price, as a price gun would print it. */
export function Sticker({ kind = 'usual', isBig = false, title, children }: StickerProps) {
  return (
    <span className={`sticker ${kind} ${isBig ? 'big' : ''}`} title={title}>
      {children}
    </span>
  )
}
