import { useEffect, useState } from 'react'

interface Until<T> {
  /** What holds until then; by default the value itself. */
  first?: T
  /** While something else goes on, no time passes: it is counted anew afterwards. */
  isHeld?: boolean
}

/** A value once it has stayed the same for so long: what is asked for by it can wait. */
export function useRested<T>(value: T, milliseconds: number, { first = value, isHeld = false }: Until<T> = {}): T {
  const [rested, setRested] = useState(first)
  useEffect(() => {
    if (isHeld) return
    const wait = setTimeout(() => setRested(value), milliseconds)
    return () => clearTimeout(wait)
  }, [value, milliseconds, isHeld])
  return rested
}
