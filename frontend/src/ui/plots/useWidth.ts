import { useLayoutEffect, useRef, useState } from 'react'

/** The width of an element as it is laid out: text in a plot must not shrink on a phone. */
export function useWidth() {
  const place = useRef<HTMLDivElement>(null)
  const [width, setWidth] = useState(0)
  useLayoutEffect(() => {
    if (!place.current) return
    const watching = new ResizeObserver(([entry]) => setWidth(entry?.contentRect.width ?? 0))
    watching.observe(place.current)
    return () => watching.disconnect()
  }, [])
  return [place, width] as const
}
