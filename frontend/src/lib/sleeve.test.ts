import { describe, expect, it } from 'vitest'

import { hash, print, spine } from './sleeve'

describe('a sleeve', () => {
  it('is the same whenever it is drawn', () => {
    const words = { artist: 'Marrow Tide', title: 'Slack Water' }
    expect(print(words)).toEqual(print(words))
  })

  it('is printed in its artist’s inks, so that one artist’s records look like kin', () => {
    const titles = ['Slack Water', 'Neap', 'Ebb']
    const inks = titles.map((title) => print({ artist: 'Marrow Tide', title }).ground)
    expect(new Set(inks)).toEqual(new Set([spine('Marrow Tide')[0]]))
  })

  it('looks past accents, case and Discogs’ numbers', () => {
    expect(hash('Isla Cormorán (2)')).toBe(hash('isla cormora\u0301n'))
  })

  it('carries the words where they can be read, fitted to its width', () => {
    const { lines } = print({ artist: 'A'.repeat(40), title: 'B', isLettered: true })
    expect(lines.map((line) => line.words)).toEqual(['A'.repeat(40), 'B'])
    expect(lines.every((line) => line.size * line.words.length * 0.4 <= 88.1)).toBe(true)
    expect(print({ artist: 'A', title: 'B' }).lines).toEqual([])
  })

  it('has a hole when it is a company’s, in the label’s inks', () => {
    const one = print({ artist: 'A', title: 'B', label: 'Tidewrack', isCut: true })
    const other = print({ artist: 'C', title: 'D', label: 'Tidewrack', isCut: true })
    const centre = (made: typeof one) => made.shapes.at(-5)
    expect(centre(one)).toEqual(centre(other))
  })

  it('is drawn with few shapes, since a list draws hundreds of sleeves', () => {
    const titles = Array.from({ length: 200 }, (_, at) => `Title ${at}`)
    const counts = titles.map((title) => print({ artist: title, title }).shapes.length)
    expect(Math.max(...counts)).toBeLessThanOrEqual(10)
  })
})
