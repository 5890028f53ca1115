/** From values to pixels, and where to write values: all that our plots need of an axis. */

export interface Scale {
  /** Pixels of a value. */
  at: (value: number) => number
  /** The value at a pixel. */
  value: (pixel: number) => number
  /** Round values within, some five of them. */
  ticks: readonly number[]
}

/** A line from `low` to `high` on the pixels from `from` to `to`. */
export function linear(low: number, high: number, from: number, to: number): Scale {
  const span = high - low || 1
  return {
    at: (value) => from + ((value - low) / span) * (to - from),
    value: (pixel) => low + ((pixel - from) / (to - from || 1)) * span,
    ticks: ticks(low, high),
  }
}

/** As a line, of the logarithms: twice as much is as far anywhere.  Values above 0. */
export function logarithmic(low: number, high: number, from: number, to: number): Scale {
  const line = linear(Math.log(low), Math.log(Math.max(high, low * 1.01)), from, to)
  const marks = [1, 2, 5].flatMap((digit) => Array.from({ length: 8 }, (_, power) => digit * 10 ** power))
  return {
    at: (value) => line.at(Math.log(value)),
    value: (pixel) => Math.exp(line.value(pixel)),
    ticks: marks.filter((mark) => mark >= low && mark <= high).sort((a, b) => a - b),
  }
}

/** The ends of some values, moved out to round ones. */
export function roundEnds(values: readonly number[]): [low: number, high: number] {
  const [low, high] = [Math.min(...values), Math.max(...values)]
  const step = stepOf(low, high)
  return [Math.floor(low / step + 1e-9) * step, Math.ceil(high / step - 1e-9) * step]
}

const STEPS = 5

function ticks(low: number, high: number): number[] {
  const step = stepOf(low, high)
  const first = Math.ceil(low / step - 1e-9)
  const last = Math.floor(high / step + 1e-9)
  return Array.from({ length: Math.max(last - first + 1, 0) }, (_, at) => (first + at) * step)
}

/** 1, 2 or 5 of a power of ten, so that some five of them fit. */
function stepOf(low: number, high: number): number {
  const rough = (high - low || Math.abs(high) || 1) / STEPS
  const power = 10 ** Math.floor(Math.log10(rough))
  const digit = [1, 2, 5, 10].find((one) => one * power >= rough * 0.999) ?? 10
  return digit * power
}
