import { useSyncExternalStore } from 'react'

const phone = window.matchMedia('(max-width: 720px)')

const subscribe = (listener: () => void) => {
  phone.addEventListener('change', listener)
  return () => phone.removeEventListener('change', listener)
}

/** Whether the window is as narrow as a phone. */
export const useIsPhone = () => useSyncExternalStore(subscribe, () => phone.matches)
