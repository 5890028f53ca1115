import { type PointerEvent, useRef } from 'react'

const FAR = 80 // px; a shorter way is a tap, or a slip
const FLAT = 2 // times as far aside as up or down, or it is a scroll

interface Deeds {
  left: () => void
  right: () => void
}

/** A finger drawn aside over something.  Never the only way: whoever offers it has buttons too. */
export function useSwipe({ left, right }: Deeds) {
  const start = useRef<{ x: number; y: number } | null>(null)
  return {
    onPointerDown: (event: PointerEvent) => {
      start.current = event.pointerType === 'mouse' ? null : { x: event.clientX, y: event.clientY }
    },
    onPointerUp: (event: PointerEvent) => {
      if (!start.current) return
      const aside = event.clientX - start.current.x
      const along = event.clientY - start.current.y
      start.current = null
      if (Math.abs(aside) < FAR || Math.abs(aside) < FLAT * Math.abs(along)) return
      if (aside < 0) left()
      else right()
    },
    onPointerCancel: () => {
      start.current = null
    },
  }
}
