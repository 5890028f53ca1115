/**
 * Real covers, for whoever switched them on in this browser.  The browser asks our own server
 * alone, one cover at a time, those on the screen last first; the server asks Discogs' image host
 * as often as that bears, and says when to come again.
 */
import { useEffect, useSyncExternalStore } from 'react'

const KEY = 'cratewise.covers'
const PAUSE_SECONDS = 5 // where the server does not say how long
const listeners = new Set<() => void>()

let isOn = read()
/** Addresses of covers that came; null: there is none. */
const known = new Map<number, string | null>()
/** How many pictures on the page wait for a cover. */
const wanted = new Map<number, number>()
let isAsking = false

const subscribe = (listener: () => void): (() => void) => {
  listeners.add(listener)
  return () => listeners.delete(listener)
}
const tell = () => {
  for (const listener of listeners) listener()
}

/** Whether covers are shown, and the switch. */
export function useCovers(): [isOn: boolean, choose: (on: boolean) => void] {
  return [useSyncExternalStore(subscribe, () => isOn), choose]
}

/** Where the cover of a release lies, once it is there; undefined: the drawn sleeve stays. */
export function useCover(id: number | undefined): string | undefined {
  // One subscription for each sleeve: a list draws many.
  const cover = useSyncExternalStore(subscribe, () => (isOn && id !== undefined ? known.get(id) : null))
  const isWanted = cover === undefined
  useEffect(() => {
    if (!isWanted || id === undefined) return
    wanted.set(id, (wanted.get(id) ?? 0) + 1)
    void askOn()
    return () => {
      const left = (wanted.get(id) ?? 1) - 1
      if (left > 0) wanted.set(id, left)
      else wanted.delete(id) // it came, or was scrolled past before its turn
    }
  }, [id, isWanted])
  return cover ?? undefined
}

async function askOn(): Promise<void> {
  if (isAsking) return
  isAsking = true
  for (;;) {
    const id = [...wanted.keys()].at(-1)
    if (id === undefined || !isOn) break
    const pause = await ask(id)
    if (pause > 0) await new Promise((end) => setTimeout(end, pause * 1_000))
  }
  isAsking = false
}

/** Ask for a cover; how many seconds to wait before the next. */
async function ask(id: number): Promise<number> {
  const address = `/api/v1/releases/${id}/cover`
  try {
    const answer = await fetch(address)
    // 202: the minute's pictures are spent; 204: there is none.
    if (answer.status === 202) return Number(answer.headers.get('Retry-After')) || PAUSE_SECONDS
    known.set(id, answer.status === 200 ? address : null)
    wanted.delete(id)
    tell()
    return 0
  } catch {
    return PAUSE_SECONDS // the server is away
  }
}

function choose(on: boolean): void {
  isOn = on
  try {
    if (on) localStorage.setItem(KEY, 'on')
    else localStorage.removeItem(KEY)
  } catch {
    // Kept until the page is left.
  }
  tell()
}

function read(): boolean {
  try {
    return localStorage.getItem(KEY) === 'on'
  } catch {
    return false
  }
}
