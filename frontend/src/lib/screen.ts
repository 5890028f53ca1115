import { useSyncExternalStore } from 'react'

/** Whether the window is at most so wide. */
const asNarrowAs = (pixels: number) => {
  const query = window.matchMedia(`(max-width: ${pixels}px)`)
  const subscribe = (listener: () => void) => {
    query.addEventListener('change', listener)
    return () => query.removeEventListener('change', listener)
  }
  return () => useSyncExternalStore(subscribe, () => query.matches)
}

/** As narrow as a phone. */
export const useIsPhone = asNarrowAs(720)

/** So narrow that a row tells in a third line what had columns of its own. */
export const useIsNarrow = asNarrowAs(900)

/** So narrow that a list has no panel beside it. */
export const useHasNoPeek = asNarrowAs(1200)
