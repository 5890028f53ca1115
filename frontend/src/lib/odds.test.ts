import { describe, expect, it } from 'vitest'

import { odds } from './odds'

const SAFE = { utility: 1, novelty: 0.1 }
const STRANGE = { utility: 0.4, novelty: 0.95 }

describe('the odds of a draw', () => {
  it('sum to one, and fall on the safest when it is cold', () => {
    const cold = odds([SAFE, STRANGE, { utility: 0.1, novelty: 0.2 }], 0.1, 0.1)
    expect(cold.reduce((sum, one) => sum + one, 0)).toBeCloseTo(1)
    expect(cold[0]).toBeGreaterThan(0.999)
  })

  it('let strangers in as it grows warm', () => {
    const [safe = 0, strange = 0] = odds([SAFE, STRANGE], 1, 0.1)
    expect(strange).toBeGreaterThan(safe)
  })

  it('are those of the formula', () => {
    const [first = 0, second = 1] = odds([SAFE, STRANGE], 0.8, 0.1)
    expect(Math.log(first / second)).toBeCloseTo((0.6 - 0.8 * 0.85) / (0.1 * 0.8))
  })
})
