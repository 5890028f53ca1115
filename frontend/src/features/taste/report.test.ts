import { describe, expect, it } from 'vitest'

import { interval, lift } from './report'

describe('the interval of a share', () => {
  it('holds the share, narrows with more verdicts and stays within 0 and 1', () => {
    const [low, high] = interval(0.5, 10)
    const [lowOfMany, highOfMany] = interval(0.5, 1000)
    expect(low).toBeLessThan(0.5)
    expect(high).toBeGreaterThan(0.5)
    expect(highOfMany - lowOfMany).toBeLessThan((high - low) / 5)
    expect(interval(0, 5)[0]).toBe(0)
    expect(interval(1, 5)[1]).toBe(1)
  })
})

describe('how much something lifts a keep', () => {
  it('is nothing for the usual, more for the kept, less for the skipped', () => {
    expect(lift({ keeps: 25, skips: 75 }, 249, 749)).toBeCloseTo(0, 1)
    expect(lift({ keeps: 9, skips: 1 }, 250, 750)).toBeGreaterThan(1)
    expect(lift({ keeps: 0, skips: 30 }, 250, 750)).toBeLessThan(-1)
  })

  it('believes twenty of twenty more than one of one', () => {
    const one = lift({ keeps: 1, skips: 0 }, 50, 150)
    expect(lift({ keeps: 20, skips: 0 }, 50, 150)).toBeGreaterThan(one + 1)
  })
})
