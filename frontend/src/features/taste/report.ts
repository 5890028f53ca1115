import type { Schema } from '@/api/server'

export type Model = Schema['Model']

/** A number with its 90 % interval; base: of whoever knows but the rate; rule: of the rule score. */
export interface Figure {
  value: number
  low: number
  high: number
  base: number | null
  rule: number | null
}

/** Of verdicts that were predicted before they were given; the server's learning/measures.py. */
export interface Measures {
  verdicts: number
  keeps: number
  base_rate: number
  average_precision: Figure
  precision_at: Record<string, Figure>
  auc: Figure
  calibration_error: number
  reliability: { said: number; came: number; verdicts: number }[]
  accuracy: Figure
}

type Kind = 'prequential' | 'hold_out' | 'uniform'

/** What a model was measured at; null where there was nothing to measure it with. */
export const measured = (model: Model, kind: Kind): Measures | null =>
  (model.report as Partial<Record<Kind, Measures | null>>)[kind] ?? null

const Z = 1.645 // 90 % of a normal distribution

/** Wilson's interval of 90 % for a share among so many. */
export function interval(share: number, among: number): [low: number, high: number] {
  const z = (Z * Z) / among
  const middle = (share + z / 2) / (1 + z)
  const half = (Z / (1 + z)) * Math.sqrt((share * (1 - share)) / among + (z / among) / 4)
  return [Math.max(middle - half, 0), Math.min(middle + half, 1)]
}

/** How much more likely than usual a keep is among these, in log-odds; few verdicts say little. */
export function lift(like: { keeps: number; skips: number }, keeps: number, skips: number): number {
  const usual = (keeps + 1) / (skips + 1)
  const rate = usual / (1 + usual)
  // As if four more had been judged, as usual: one of one is no proof.
  return Math.log((like.keeps + 4 * rate) / (like.skips + 4 * (1 - rate)) / usual)
}
