import { startTransition, useEffect, useState } from 'react'

let isPainted = false

/** Whether the first picture stands: what lies below it is drawn then, and does not keep it waiting. */
export function useIsPainted(): boolean {
  const [isIt, tell] = useState(isPainted)
  useEffect(() => {
    if (isIt) return
    let later: ReturnType<typeof setTimeout> | undefined
    // Before a frame is painted these are called; what they leave for later comes behind it.
    const frame = requestAnimationFrame(() => {
      later = setTimeout(() => {
        isPainted = true
        startTransition(() => tell(true))
      })
    })
    return () => {
      cancelAnimationFrame(frame)
      clearTimeout(later)
    }
  }, [isIt])
  return isIt
}
