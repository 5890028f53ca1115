import { useEffect, useState } from 'react'

/** A value once it has stayed the same for so long: what is asked for by it can wait.
 * `first`: what holds until then; by default the value itself. */
export function useRested<T>(value: T, milliseconds: number, first = value): T {
  const [rested, setRested] = useState(first)
  useEffect(() => {
    const wait = setTimeout(() => setRested(value), milliseconds)
    return () => clearTimeout(wait)
  }, [value, milliseconds])
  return rested
}
