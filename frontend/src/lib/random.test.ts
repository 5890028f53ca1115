import { expect, it, vi } from 'vitest'

import { randomKey } from './random'

it('makes a key that no other has, where the browser has no randomUUID', () => {
  vi.stubGlobal('crypto', { getRandomValues: crypto.getRandomValues.bind(crypto) })
  const keys = new Set(Array.from({ length: 1_000 }, randomKey))
  vi.unstubAllGlobals()

  expect(keys.size).toBe(1_000)
  expect([...keys].every((key) => /^[0-9a-f]{32}$/.test(key))).toBe(true)
})
