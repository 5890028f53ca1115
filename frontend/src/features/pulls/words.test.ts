import { describe, expect, it } from 'vitest'

import type { Pull } from './queries'
import { facts, standing } from './words'

const pull = (told: Partial<Pull>) =>
  ({ kind: 'full', pages: 3, pages_planned: 12, seen: 300, claimed: 1_200, new: 20, ...told }) as Pull

describe('a pull that runs', () => {
  it('tells pages, listings, requests, how much is known, what is new', () => {
    expect(facts(pull({}))).toEqual([
      '3 of 12 pages',
      '300 of 1,200 listings',
      '9 requests left',
      '25\u00a0% of the stock known',
      '20 new',
    ])
  })

  it('does not call a stock unknown of which it looks at the newest only', () => {
    expect(facts(pull({ kind: 'quick' })).join()).not.toContain('known')
  })

  it('never says that nothing is left to wait while something is left to read', () => {
    expect(standing(pull({ eta_seconds: 90 }), 0.25)).toBe('25\u00a0%, 1 min to go')
    expect(standing(pull({ eta_seconds: 0.4 }), 0.25)).toBe('25\u00a0%, a moment to go')
    expect(standing(pull({}), null)).toBe('waits for its turn')
  })
})
