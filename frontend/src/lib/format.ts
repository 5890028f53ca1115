/** Numbers, prices and times as a reader expects them: every number has its unit. */

const whole = later(() => new Intl.NumberFormat('en'))

export interface Price {
  minor: number
  currency: string
  amount: string
}

/** 12500 → "12,500". */
export const count = (value: number) => whole().format(value)

/** 1, "request" → "1 request"; 1200, "listing" → "1,200 listings". */
export const many = (value: number, one: string, more = `${one}s`) =>
  `${count(value)} ${value === 1 ? one : more}`

const formats = new Map<string, Intl.NumberFormat>()

/** Kept once made: making one takes longer than writing a row of a list. */
function formatOf(currency: string): Intl.NumberFormat {
  let format = formats.get(currency)
  if (!format) {
    format = new Intl.NumberFormat('en', { style: 'currency', currency })
    formats.set(currency, format)
  }
  return format
}

/** The currency's own sign before the amount, with its own digits: "€ 12.50", "¥ 900". */
export function money({ amount, currency }: Price): string {
  const parts = formatOf(currency).formatToParts(Number(amount))
  const sign = parts.find((part) => part.type === 'currency')?.value ?? currency
  const figure = parts.filter((part) => part.type !== 'currency' && part.type !== 'literal')
  return `${sign} ${figure.map((part) => part.value).join('')}`
}

/** How many digits a currency has behind the point: EUR 2, JPY 0. */
export const digitsOf = (currency: string): number =>
  formatOf(currency).resolvedOptions().maximumFractionDigits ?? 2

/** 0.5812 → "58 %", which no line breaks apart; a part that is not quite whole is never rounded to "100 %". */
export function percent(part: number): string {
  const rounded = Math.round(part * 100)
  return `${part < 1 ? Math.min(rounded, 99) : rounded}\u00a0%`
}

const YEAR = 31_557_600
/** From when on, how long in seconds, and what it is called: a year and a half are days. */
const STEPS: [number, number, string][] = [
  [2 * YEAR, YEAR, 'y'],
  [86_400, 86_400, 'd'],
  [3_600, 3_600, 'h'],
  [60, 60, 'min'],
]

/** A span in its largest whole unit: 145 → "2 min", 0 → "0 s". */
export function span(seconds: number): string {
  const [, size, unit] = STEPS.find(([from]) => seconds >= from) ?? [0, 1, 's']
  return `${count(Math.floor(Math.max(seconds, 0) / size))} ${unit}`
}

/** "4 h ago"; "now" for less than a minute. */
export function ago(moment: string, now = Date.now()): string {
  const seconds = (now - Date.parse(moment)) / 1000
  return seconds < 60 ? 'now' : `${span(seconds)} ago`
}

/** "in 3 h"; "now" for what is due. */
export function until(moment: string, now = Date.now()): string {
  const seconds = (Date.parse(moment) - now) / 1000
  return seconds < 60 ? 'now' : `in ${span(seconds)}`
}

const sameWeek = later(
  () => new Intl.DateTimeFormat('en-GB', { weekday: 'long', hour: '2-digit', minute: '2-digit' }),
)
const someDay = later(
  () => new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'long', year: 'numeric' }),
)
const WEEK = 6 * 86_400_000

/** "3 March 2026". */
export const day = (at: string): string => someDay().format(Date.parse(at))

/** "Thursday, 21:40" within six days, before or to come; else "3 March 2026". */
export function moment(at: string, now = Date.now()): string {
  const time = Date.parse(at)
  if (Math.abs(now - time) > WEEK) return someDay().format(time)
  return sameWeek().format(time).replace(' at ', ', ').replace(/(\w) (\d)/, '$1, $2')
}

/** Made when it is first needed, and kept: the browser takes milliseconds for each. */
function later<T>(make: () => T): () => T {
  let made: T | undefined
  return () => (made ??= make())
}
