/** Records put aside for the next crate, in this browser until they are packed or taken out. */
import { useSyncExternalStore } from 'react'

export interface Picked {
  id: number
  name: string
}

const KEY = 'cratewise.picked'
const MOST = 1_000 // as many as a crate may be told to hold

let picked: readonly Picked[] = read()
const listeners = new Set<() => void>()

const subscribe = (listener: () => void): (() => void) => {
  listeners.add(listener)
  return () => listeners.delete(listener)
}

export const usePicked = (): readonly Picked[] => useSyncExternalStore(subscribe, () => picked)

/** Put a record aside, or take it out again; whether it is in now. */
export function togglePicked({ id, artist, title }: { id: number; artist: string; title: string }): boolean {
  const isIn = !picked.some((one) => one.id === id)
  keep(isIn ? [...picked, { id, name: `${artist}: ${title}` }].slice(-MOST) : without(id))
  return isIn
}

export const leaveOut = (id: number): void => keep(without(id))

const without = (id: number) => picked.filter((one) => one.id !== id)

function keep(next: readonly Picked[]): void {
  picked = next
  try {
    localStorage.setItem(KEY, JSON.stringify(next))
  } catch {
    // A browser that keeps nothing holds them until the page is left.
  }
  for (const listener of listeners) listener()
}

function read(): readonly Picked[] {
  try {
    const kept: unknown = JSON.parse(localStorage.getItem(KEY) ?? '[]')
    return Array.isArray(kept) ? kept.filter(isPicked) : []
  } catch {
    return []
  }
}

const isPicked = (one: unknown): one is Picked =>
  typeof one === 'object' && one !== null && 'id' in one && Number.isSafeInteger(one.id) && 'name' in one
