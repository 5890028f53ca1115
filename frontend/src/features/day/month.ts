/** Months as a calendar shows them: weeks from Monday on, days of UTC as "2026-11-23". */

/** "2026-11-23" → "2026-11". */
export const monthOf = (day: string) => day.slice(0, 7)

/** The month so many before or after: ("2026-01", -1) → "2025-12". */
export function monthAfter(month: string, by: number): string {
  const [year = 0, number = 1] = month.split('-').map(Number)
  return new Date(Date.UTC(year, number - 1 + by, 1)).toISOString().slice(0, 7)
}

/** The days of a month in order, null for the places before its first. */
export function daysOf(month: string): (string | null)[] {
  const [year = 0, number = 1] = month.split('-').map(Number)
  const before = (new Date(Date.UTC(year, number - 1, 1)).getUTCDay() + 6) % 7
  const length = new Date(Date.UTC(year, number, 0)).getUTCDate()
  const days = Array.from({ length }, (_, at) => `${month}-${String(at + 1).padStart(2, '0')}`)
  return [...Array.from({ length: before }, () => null), ...days]
}
