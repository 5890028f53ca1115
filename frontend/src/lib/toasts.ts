import { useSyncExternalStore } from 'react'

export interface Toast {
  id: number
  words: string
  undo?: (() => void) | undefined
}

const SHOWN_MILLISECONDS = 20_000 // long enough to read a sentence and reach its button, however one points
const MOST = 3

let shown: readonly Toast[] = []
let last = 0
const listeners = new Set<() => void>()

/** Say what was done, and offer to take it back; its number, by which it can be dismissed. */
export function toast(words: string, undo?: () => void): number {
  const id = ++last
  put([...shown, { id, words, undo }].slice(-MOST))
  setTimeout(() => dismiss(id), SHOWN_MILLISECONDS)
  return id
}

export const dismiss = (id: number) => put(shown.filter((one) => one.id !== id))

export const useToasts = () => useSyncExternalStore(subscribe, () => shown)

function put(toasts: readonly Toast[]): void {
  shown = toasts
  for (const listener of listeners) listener()
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener)
  return () => listeners.delete(listener)
}
