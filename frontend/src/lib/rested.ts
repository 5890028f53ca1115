import { useEffect, useState } from 'react'

/** A value once it has stayed the same for so long: what is asked for by it can wait. */
export function useRested<T>(value: T, milliseconds: number): T {
  const [rested, setRested] = useState(value)
  useEffect(() => {
    const wait = setTimeout(() => setRested(value), milliseconds)
    return () => clearTimeout(wait)
  }, [value, milliseconds])
  return rested
}
