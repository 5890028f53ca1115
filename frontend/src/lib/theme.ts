import { useSyncExternalStore } from 'react'

/** Light or dark: what was chosen here, else what the system wishes. */
const KEY = 'cratewise.theme'
const wish = window.matchMedia('(prefers-color-scheme: dark)')
const listeners = new Set<() => void>()

const isDark = () => {
  const chosen = document.documentElement.dataset.theme
  return chosen ? chosen === 'dark' : wish.matches
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener)
  wish.addEventListener('change', listener)
  return () => {
    listeners.delete(listener)
    wish.removeEventListener('change', listener)
  }
}

/** Choose a theme, and keep the choice in this browser where it keeps anything. */
function choose(dark: boolean): void {
  document.documentElement.dataset.theme = dark ? 'dark' : 'light'
  try {
    localStorage.setItem(KEY, dark ? 'dark' : 'light')
  } catch {
    // Kept until the page is closed.
  }
  for (const listener of listeners) listener()
}

export function useTheme(): [isDark: boolean, choose: (dark: boolean) => void] {
  return [useSyncExternalStore(subscribe, isDark), choose]
}
