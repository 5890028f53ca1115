/** The odds of a draw by free energy, for any temperature; the server's own formula. */

interface Candidate {
  utility: number
  novelty: number
}

/**
 * The chance of each candidate, summing to 1: p ∝ exp((u + T s) / (k T)).
 * temperature, boltzmann: above 0.
 */
export function odds(
  candidates: readonly Candidate[],
  temperature: number,
  boltzmann: number,
): number[] {
  const heat = candidates.map(
    ({ utility, novelty }) => (utility + temperature * novelty) / (boltzmann * temperature),
  )
  const most = Math.max(...heat) // shifted, or the exponential of a cold draw overflows
  const weights = heat.map((one) => Math.exp(one - most))
  const sum = weights.reduce((total, one) => total + one, 0)
  return weights.map((one) => one / sum)
}
