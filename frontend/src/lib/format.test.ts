import { describe, expect, it } from 'vitest'

import { ago, many, moment, money, percent, span } from './format'

const NOW = Date.parse('2026-11-23T12:00:00Z')

describe('money', () => {
  it('puts the sign before the amount, with the currency’s own digits', () => {
    expect(money({ minor: 1250, currency: 'EUR', amount: '12.50' })).toBe('€ 12.50')
    expect(money({ minor: 900, currency: 'JPY', amount: '900' })).toBe('¥ 900')
    expect(money({ minor: 120480, currency: 'GBP', amount: '1204.80' })).toBe('£ 1,204.80')
  })

  it('names a currency that has no sign', () => {
    expect(money({ minor: 100, currency: 'SEK', amount: '1.00' })).toBe('SEK 1.00')
  })
})

describe('percent', () => {
  it('never calls all what is not quite all', () => {
    expect(percent(0.999)).toBe('99\u00a0%')
    expect(percent(1)).toBe('100\u00a0%')
    expect(percent(0)).toBe('0\u00a0%')
  })
})

describe('times', () => {
  it('shows a span in its largest whole unit', () => {
    const spans = [0, 59, 60, 3_600, 172_800, 700 * 86_400, 2_340 * 86_400].map(span)
    expect(spans).toEqual(['0 s', '59 s', '1 min', '1 h', '2 d', '700 d', '6 y'])
  })

  it('tells how long ago something was', () => {
    expect(ago('2026-11-23T11:59:30Z', NOW)).toBe('now')
    expect(ago('2026-11-23T08:00:00Z', NOW)).toBe('4 h ago')
  })

  it('names the weekday within the week, and the day before that', () => {
    expect(moment('2026-11-19T21:40:00Z', NOW)).toMatch(/^Thursday, \d\d:40$/)
    expect(moment('2026-03-03T12:00:00Z', NOW)).toBe('3 March 2026')
    expect(moment('2026-11-30T12:00:00Z', NOW)).toBe('30 November 2026')
  })
})

it('counts in words', () => {
  expect(many(1, 'request')).toBe('1 request')
  expect(many(1200, 'listing')).toBe('1,200 listings')
})
