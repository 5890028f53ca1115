import { useLayoutEffect, useRef, useSyncExternalStore } from 'react'

/** What single keys do, by KeyboardEvent.key; one that answers false leaves the key to others. */
export type Keys = Readonly<Record<string, () => unknown>>

const KEY = 'cratewise.keys' // 'off', kept in this browser
const listeners = new Set<() => void>()
let areOn = read()

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
      // Whoever speaks to the machine, or shakes, switches letters and signs off; arrows stay.
      if (!areOn && event.key.length === 1) return
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

/** Whether single letters and signs do something, and the switch. */
export function useSingleKeys(): [areOn: boolean, choose: (on: boolean) => void] {
  return [useSyncExternalStore(subscribe, () => areOn), choose]
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener)
  return () => listeners.delete(listener)
}

function choose(on: boolean): void {
  areOn = on
  try {
    if (on) localStorage.removeItem(KEY)
    else localStorage.setItem(KEY, 'off')
  } catch {
    // Kept until the page is left.
  }
  for (const listener of listeners) listener()
}

function read(): boolean {
  try {
    return localStorage.getItem(KEY) !== 'off'
  } catch {
    return true
  }
}
