import { useState } from 'react'

/** What a newcomer has answered in this browser, by its name; forgotten with the browser's storage. */
export function useTold(name: string): [isTold: boolean, tell: () => void] {
  const key = `cratewise.told.${name}`
  const [isTold, setIsTold] = useState(() => read(key))
  const tell = () => {
    setIsTold(true)
    try {
      localStorage.setItem(key, 'yes')
    } catch {
      // Asked again after the next load.
    }
  }
  return [isTold, tell]
}

function read(key: string): boolean {
  try {
    return localStorage.getItem(key) !== null
  } catch {
    return false
  }
}
