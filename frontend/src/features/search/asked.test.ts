import { describe, expect, it } from 'vitest'

import { isNarrow, queryOf, readAsked, readQuery, toggled, withoutEach, withStyles } from './asked'

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
      readAsked({ q: '  ', style: [{}], min_year: 'soon', sort: 'luck', nobody: 1, wanted: 'yes', min_score: '' }),
    ).toEqual({})
  })

  it('gains a value and loses it again', () => {
    const once = toggled({ q: 'dub' }, 'seller', 'alice')
    expect(once).toEqual({ q: 'dub', seller: ['alice'] })
    expect(toggled(once, 'seller', 'alice')).toEqual({ q: 'dub' })
  })

  it('is said to the server and read again, with every end and either way', () => {
    const asked = readAsked({
      q: 'sun & ra', style_all: ['Dub', 'Ambient'], min_landed: '5', max_year: 1980, owned: false,
      wanted: 'true', only_gone: true, min_probability: '0.5', judged: 'either', sort: 'landed',
    }) // prettier-ignore
    expect(queryOf(asked)).toContain('style_all=Dub&style_all=Ambient')
    expect(readQuery(queryOf(asked))).toEqual(asked)
    expect(asked.owned).toBe(false)
  })

  it('needs all of the styles that one of was enough, and the other way round', () => {
    const any = { style: ['Dub', 'Ambient'], style_not: ['Trance'] }
    const all = withStyles(any, 'style_all')
    expect(all).toEqual({ style_all: ['Dub', 'Ambient'], style_not: ['Trance'] })
    expect(withStyles(all, 'style')).toEqual(any)
  })

  it('can be asked without each of its parts', () => {
    expect(withoutEach({ q: 'dub', format: ['LP', 'Album'], sort: 'price' })).toEqual([
      { part: 'dub', asked: { format: ['LP', 'Album'], sort: 'price' } },
      { part: 'LP, Album', asked: { q: 'dub', sort: 'price' } },
    ])
  })

  it('is narrow when something is left out, in whatever order', () => {
    expect(isNarrow({ sort: 'price', direction: 'asc' })).toBe(false)
    expect(isNarrow({ q: 'dub' })).toBe(true)
  })
})
