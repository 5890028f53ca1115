import { type PointerEvent, useRef } from 'react'

const FAR = 80 // px; a shorter way is a tap, or a slip
const FLAT = 2 // times as far aside as up or down, or it is a scroll

interface Deeds {
  left: () => void
  right: () => void
}

/** A finger drawn aside over something, which follows it and says in `data-swiped` what letting go
 * would do: nothing, `left` or `right`.  Never the only way: whoever offers it has buttons too. */
export function useSwipe({ left, right }: Deeds) {
  const start = useRef<{ x: number; y: number } | null>(null)
  const follow = (over: HTMLElement, aside: number) => {
    over.style.translate = aside ? `${aside}px` : ''
    over.dataset.swiped = Math.abs(aside) < FAR ? '' : aside < 0 ? 'left' : 'right'
  }
  return {
    onPointerDown: (event: PointerEvent) => {
      start.current = event.pointerType === 'mouse' ? null : { x: event.clientX, y: event.clientY }
    },
    onPointerMove: (event: PointerEvent<HTMLElement>) => {
      if (start.current) follow(event.currentTarget, asideOf(start.current, event))
    },
    onPointerUp: (event: PointerEvent<HTMLElement>) => {
      if (!start.current) return
      const aside = asideOf(start.current, event)
      start.current = null
      follow(event.currentTarget, 0)
      if (Math.abs(aside) < FAR) return
      if (aside < 0) left()
      else right()
    },
    onPointerCancel: (event: PointerEvent<HTMLElement>) => {
      start.current = null
      follow(event.currentTarget, 0)
    },
  }
}

/** How far aside, in px; 0 for what goes up or down. */
function asideOf(from: { x: number; y: number }, { clientX, clientY }: PointerEvent): number {
  const aside = clientX - from.x
  return Math.abs(aside) < FLAT * Math.abs(clientY - from.y) ? 0 : aside
}
