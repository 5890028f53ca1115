/** A search as its address says it: what is left out lets everything through. */

export const SORTS = [
  'score', 'probability', 'price', 'landed', 'discount', 'want_have', 'listed', 'year', 'artist', 'title',
] as const // prettier-ignore
export const JUDGED = ['neither', 'keep', 'skip', 'either'] as const

/** Parts of a search that name some values, of which each listing has one (of formats and style_all: all). */
export const LISTS = [
  'genre', 'style', 'style_all', 'style_not', 'format', 'label', 'artist', 'country', 'seller', 'ships_from',
] as const // prettier-ignore
const WHOLE = ['min_year', 'max_year', 'min_want', 'max_want', 'min_have', 'max_have'] as const
const DECIMAL = [
  'min_score', 'max_score', 'min_probability', 'max_probability', 'min_want_have', 'max_want_have',
] as const // prettier-ignore
const WORDS = [
  'q', 'min_price', 'max_price', 'min_landed', 'max_landed', 'min_grade', 'min_sleeve',
  'since', 'dropped_since', 'listed_since',
] as const // prettier-ignore
/** What is asked either way: with it, or without. */
const EITHER = ['wanted', 'owned', 'other_pressing', 'predicted'] as const
const ONLY = ['gone', 'only_gone', 'fresh'] as const

/** Everything of which there is one at most. */
export const SINGLES = ['judged', ...WORDS, ...WHOLE, ...DECIMAL, ...EITHER, ...ONLY] as const

export type Sort = (typeof SORTS)[number]
export type List = (typeof LISTS)[number]
export type Single = (typeof SINGLES)[number]

export type Asked = Partial<
  Record<List, string[]> &
    Record<(typeof WHOLE)[number] | (typeof DECIMAL)[number], number> &
    Record<(typeof WORDS)[number], string> &
    Record<(typeof EITHER)[number], boolean> &
    Record<(typeof ONLY)[number], true>
> & {
  judged?: (typeof JUDGED)[number]
  sort?: Sort
  direction?: 'asc' | 'desc'
}

/** Another search made of the one that the address holds by then. */
export type Change = (now: Asked) => Asked

/** Read an address; what makes no sense there is left out. */
export function readAsked(told: Record<string, unknown>): Asked {
  const asked: Asked = {}
  for (const name of LISTS) {
    const values = [told[name]].flat().filter(isWord).map(String)
    if (values.length) asked[name] = [...new Set(values)]
  }
  for (const name of [...WHOLE, ...DECIMAL]) {
    const value = isWord(told[name]) ? Number(told[name]) : NaN
    const isWhole = (WHOLE as readonly string[]).includes(name)
    if (isWhole ? Number.isInteger(value) && value >= 0 : Number.isFinite(value)) asked[name] = value
  }
  for (const name of WORDS) {
    const value = told[name]
    if (isWord(value)) asked[name] = String(value)
  }
  for (const name of EITHER) {
    if (String(told[name]) === 'true') asked[name] = true
    if (String(told[name]) === 'false') asked[name] = false
  }
  for (const name of ONLY) if (String(told[name]) === 'true') asked[name] = true
  const { sort, direction, judged } = told
  if (isOneOf(SORTS, sort)) asked.sort = sort
  if (direction === 'asc' || direction === 'desc') asked.direction = direction
  if (isOneOf(JUDGED, judged)) asked.judged = judged
  return asked
}

/** The same search for the server's own addresses: exports, what is saved. */
export function queryOf(asked: Asked): string {
  const query = new URLSearchParams()
  for (const [name, value] of Object.entries(asked)) {
    for (const one of [value].flat()) query.append(name, String(one))
  }
  return query.toString()
}

/** A search as the server's addresses say it. */
export function readQuery(query: string): Asked {
  const told: Record<string, unknown> = {}
  const values = new URLSearchParams(query)
  for (const name of values.keys()) {
    told[name] = (LISTS as readonly string[]).includes(name) ? values.getAll(name) : values.get(name)
  }
  return readAsked(told)
}

/** The same search with a value in a list, or without it when it was there. */
export function toggled(asked: Asked, list: List, value: string): Asked {
  const before = asked[list] ?? []
  const after = before.includes(value)
    ? before.filter((one) => one !== value)
    : [...before, value]
  return readAsked({ ...asked, [list]: after })
}

/** The same search with something of which there is one at most, or without it when it was there. */
export const turned =
  (name: Single, value: unknown): Change =>
  (now) =>
    readAsked({ ...now, [name]: now[name] === value ? undefined : value })

/** The same search in which one of some styles is enough, or each is needed. */
export function withStyles(asked: Asked, need: 'style' | 'style_all'): Asked {
  const styles = [...(asked.style ?? []), ...(asked.style_all ?? [])]
  return readAsked({ ...asked, style: [], style_all: [], [need]: styles })
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

/** The search without each of its parts in turn: what to give up when nothing is found. */
export function withoutEach(asked: Asked): { part: string; asked: Asked }[] {
  return Object.entries(termsOf(asked)).map(([name, value]) => ({
    part: [value].flat().map(String).join(', '),
    asked: readAsked({ ...asked, [name]: undefined }),
  }))
}

// Addresses hold "1977" as a number.
const isWord = (value: unknown) =>
  (typeof value === 'string' && value.trim() !== '') || typeof value === 'number'

const isOneOf = <T extends string>(among: readonly T[], value: unknown): value is T =>
  among.some((one) => one === value)
