/** A search as its address says it: what is left out lets everything through. */

export const SORTS = [
  'score', 'probability', 'price', 'landed', 'discount', 'want_have', 'listed', 'year', 'artist', 'title',
] as const // prettier-ignore
export const JUDGED = ['neither', 'keep', 'skip'] as const

/** Parts of a search that name some values, of which each listing has one (of formats: all). */
export const LISTS = ['genre', 'style', 'style_not', 'format', 'country', 'seller'] as const
const NUMBERS = ['min_year', 'max_year'] as const
const WORDS = ['q', 'min_price', 'max_price', 'max_landed', 'min_grade', 'since', 'dropped_since'] as const

export type Sort = (typeof SORTS)[number]
export type List = (typeof LISTS)[number]

export type Asked = Partial<
  Record<List, string[]> &
    Record<(typeof NUMBERS)[number], number> &
    Record<(typeof WORDS)[number], string>
> & {
  judged?: (typeof JUDGED)[number]
  wanted?: true
  sort?: Sort
  direction?: 'asc' | 'desc'
}

/** Read an address; what makes no sense there is left out. */
export function readAsked(told: Record<string, unknown>): Asked {
  const asked: Asked = {}
  for (const name of LISTS) {
    const values = [told[name]].flat().filter(isWord).map(String)
    if (values.length) asked[name] = [...new Set(values)]
  }
  for (const name of NUMBERS) {
    const value = Number(told[name])
    if (told[name] !== undefined && Number.isInteger(value) && value >= 0) asked[name] = value
  }
  for (const name of WORDS) {
    const value = told[name]
    if (isWord(value)) asked[name] = String(value)
  }
  const { sort, direction, judged, wanted } = told
  if (isOneOf(SORTS, sort)) asked.sort = sort
  if (direction === 'asc' || direction === 'desc') asked.direction = direction
  if (isOneOf(JUDGED, judged)) asked.judged = judged
  if (wanted === true) asked.wanted = true
  return asked
}

/** The same search with a value in a list, or without it when it was there. */
export function toggled(asked: Asked, list: List, value: string): Asked {
  const before = asked[list] ?? []
  const after = before.includes(value)
    ? before.filter((one) => one !== value)
    : [...before, value]
  return readAsked({ ...asked, [list]: after })
}

/** What it finds, in whatever order. */
export const termsOf = (asked: Asked): Omit<Asked, 'sort' | 'direction'> => {
  const terms = { ...asked }
  delete terms.sort
  delete terms.direction
  return terms
}

/** Whether anything is left out by it. */
export const isNarrow = (asked: Asked) => Object.keys(termsOf(asked)).length > 0

// Addresses hold "1977" as a number.
const isWord = (value: unknown) =>
  (typeof value === 'string' && value.trim() !== '') || typeof value === 'number'

const isOneOf = <T extends string>(among: readonly T[], value: unknown): value is T =>
  among.some((one) => one === value)
