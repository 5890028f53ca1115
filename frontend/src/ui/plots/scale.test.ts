import { describe, expect, it } from 'vitest'

import { linear, logarithmic, roundEnds } from './scale'

describe('a scale', () => {
  it('goes from values to pixels and back', () => {
    const scale = linear(0, 10, 100, 0)
    expect([0, 5, 10].map(scale.at)).toEqual([100, 50, 0])
    expect(scale.value(25)).toBeCloseTo(7.5)
  })

  it('is written at round values within its ends', () => {
    expect(linear(0, 1, 0, 9).ticks.map((tick) => tick.toFixed(1))).toEqual(['0.0', '0.2', '0.4', '0.6', '0.8', '1.0'])
    expect(linear(3, 41, 0, 9).ticks).toEqual([10, 20, 30, 40])
    expect(logarithmic(10, 500, 0, 9).ticks).toEqual([10, 20, 50, 100, 200, 500])
  })

  it('stands on one value alone, and ends at round ones', () => {
    expect(linear(7, 7, 0, 100).at(7)).toBe(0)
    expect(roundEnds([0.13, 0.94])).toEqual([0, 1])
    expect(roundEnds([17, 33])).toEqual([15, 35])
  })
})
