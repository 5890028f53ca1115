import { useLayoutEffect, useRef } from 'react'

/** What single keys do, by KeyboardEvent.key; one that answers false leaves the key to others. */
export type Keys = Readonly<Record<string, () => unknown>>

const FIELDS = 'input, textarea, select, [contenteditable]'

/** One key, one meaning: called unless somebody types, or holds a modifier. */
export function useKeys(keys: Keys, { isFirst = false } = {}): void {
  const latest = useRef(keys)
  // Before it is painted: what can be seen obeys its keys.
  useLayoutEffect(() => {
    latest.current = keys
  })
  useLayoutEffect(() => {
    const press = (event: KeyboardEvent) => {
      if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) return
      if (event.target instanceof Element && event.target.closest(FIELDS)) return
      // A dialog that is open keeps all keys to itself.
      if (document.querySelector('dialog[open]')) return
      const deed = latest.current[event.key]
      if (deed && deed() !== false) event.preventDefault()
    }
    window.addEventListener('keydown', press, { capture: isFirst })
    return () => window.removeEventListener('keydown', press, { capture: isFirst })
  }, [isFirst])
}
