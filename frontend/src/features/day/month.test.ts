import { describe, expect, it } from 'vitest'

import { daysOf, monthAfter, monthOf } from './month'

describe('a month', () => {
  it('begins under its own weekday, weeks from Monday on', () => {
    const november = daysOf('2026-11') // its first is a Sunday
    expect(november.slice(0, 7)).toEqual([null, null, null, null, null, null, '2026-11-01'])
    expect(november).toHaveLength(6 + 30)
  })

  it('has its own length in leap years too', () => {
    expect(daysOf('2028-02').at(-1)).toBe('2028-02-29')
    expect(daysOf('2027-02').at(-1)).toBe('2027-02-28')
  })

  it('comes after the one before it, over the year’s end too', () => {
    expect(monthAfter('2026-01', -1)).toBe('2025-12')
    expect(monthAfter('2026-12', 1)).toBe('2027-01')
    expect(monthOf('2026-11-23')).toBe('2026-11')
  })
})
