import { describe, expect, it } from 'vitest'

import { isNarrow, readAsked, toggled } from './asked'

describe('a search in an address', () => {
  it('is read as it was written', () => {
    const asked = { q: 'dub', style: ['Dub', 'Ambient'], min_year: 1990, sort: 'price' as const }
    expect(readAsked(asked)).toEqual(asked)
  })

  it('takes one value for a list, and a number for a word', () => {
    expect(readAsked({ format: 'LP', q: 1977 })).toEqual({ format: ['LP'], q: '1977' })
  })

  it('leaves out what makes no sense', () => {
    expect(
      readAsked({ q: '  ', style: [{}], min_year: 'soon', sort: 'luck', nobody: 1, wanted: 'yes' }),
    ).toEqual({})
  })

  it('gains a value and loses it again', () => {
    const once = toggled({ q: 'dub' }, 'seller', 'alice')
    expect(once).toEqual({ q: 'dub', seller: ['alice'] })
    expect(toggled(once, 'seller', 'alice')).toEqual({ q: 'dub' })
  })

  it('is narrow when something is left out, in whatever order', () => {
    expect(isNarrow({ sort: 'price', direction: 'asc' })).toBe(false)
    expect(isNarrow({ q: 'dub' })).toBe(true)
  })
})
