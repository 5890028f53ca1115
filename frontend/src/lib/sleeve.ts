/**
 * The fallback cover: a printed sleeve drawn from words alone.  Pure and deterministic.
 * The same artist gives the same inks, so one artist's records look like kin; the same title
 * gives the same composition.
 */

/** Ground, shape, second shape, lettering. */
type Inks = readonly [string, string, string, string]

const INKS: readonly [Inks, ...Inks[]] = [
  ['#e9dfc8', '#c8452b', '#1f3a4d', '#1b1b1b'],
  ['#1e2f3c', '#e0b23c', '#c9553a', '#f2ebdd'],
  ['#d65a40', '#f3e6cf', '#2a2a28', '#1b1210'],
  ['#efc544', '#2b2b2b', '#d8432e', '#1b1b1b'],
  ['#2c5848', '#e8ddbf', '#d88f3a', '#f4eede'],
  ['#c7d3cf', '#2c4a6b', '#db6b4b', '#17222e'],
  ['#2b2a2f', '#8fb3a9', '#e7e2d3', '#f0ece0'],
  ['#6b3347', '#e9b99f', '#d1794f', '#f8ece2'],
  ['#f1eee5', '#1a1a1a', '#8c8c84', '#1a1a1a'],
  ['#365880', '#ee9b6b', '#f4ede0', '#f8f1e6'],
  ['#aab58a', '#34452a', '#f1e8d0', '#1f2a18'],
  ['#bba8ca', '#3a2e4f', '#f2d16b', '#251c36'],
  ['#0f4c5c', '#e8793a', '#fbf3e4', '#fbf3e4'],
  ['#e3b7a6', '#5c1f2b', '#f6efe6', '#3f131c'],
  ['#dfe3e0', '#d24b2a', '#22303a', '#22303a'],
  ['#4a4a3c', '#c9c27a', '#e6dfc4', '#f1ecd6'],
]
const VINYL = '#141414'

/** A shape of the print; `d` is a path, all measures on a square of 100. */
export type Shape =
  | { kind: 'rect'; x: number; y: number; width: number; height: number; fill: string }
  | { kind: 'disc'; x: number; y: number; radius: number; fill: string }
  | { kind: 'path'; d: string; fill: string; stroke?: string; strokeWidth?: number }

export interface Line {
  y: number
  size: number
  words: string
}

/** What a sleeve is printed with; lines are empty unless it is lettered. */
export interface Print {
  ground: string
  lettering: string
  shapes: Shape[]
  band: number
  lines: Line[]
}

export interface SleeveWords {
  /** Whose real cover takes the place of the drawn one, where covers are wished for. */
  releaseId?: number
  artist: string
  title: string
  label?: string
  /** A company sleeve with a hole: singles. */
  isCut?: boolean
  /** Artist and title are printed on it; from about 96 px up. */
  isLettered?: boolean
}

const SINGLE = /\b(12|10|7)"|single/i

/** What a record's sleeve is drawn from; singles come in their company's. */
export function sleeveOf(record: {
  artist: string
  title: string
  label: string
  format: string
  release_id?: number
}): SleeveWords {
  const { artist, title, label, format, release_id: releaseId } = record
  return { ...(releaseId && { releaseId }), artist, title, label, isCut: SINGLE.test(format) && !format.includes('LP') }
}

type Dice = () => number

/** FNV-1a over letters and digits alone, and one avalanche; 32 bits. */
export function hash(text: string): number {
  let h = 0x811c9dc5
  const plain = text
    .normalize('NFKD')
    .toLowerCase()
    .replace(/\s*\(\d+\)$|[^\p{L}\p{N}]+/gu, '')
  for (const letter of plain) h = Math.imul(h ^ (letter.codePointAt(0) ?? 0), 0x01000193)
  h ^= h >>> 16
  h = Math.imul(h, 0x7feb352d)
  h ^= h >>> 15
  h = Math.imul(h, 0x846ca68b)
  return (h ^ (h >>> 16)) >>> 0
}

/** mulberry32: numbers in [0, 1), the same for the same seed. */
export function dice(seed: number): Dice {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let t = Math.imul(state ^ (state >>> 15), 1 | state)
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296
  }
}

/** One of many, the same for the same seed. */
function chosen<T>(among: readonly [T, ...T[]], seed: number): T {
  return among[seed % among.length] ?? among[0]
}
const inksOf = (seed: number): Inks => chosen(INKS, seed)
const round = (value: number) => Number(value.toFixed(1))

const rect = (x: number, y: number, width: number, height: number, fill: string): Shape => ({
  kind: 'rect',
  x: round(x),
  y: round(y),
  width: round(width),
  height: round(height),
  fill,
})
const disc = (x: number, y: number, radius: number, fill: string): Shape => ({
  kind: 'disc',
  x: round(x),
  y: round(y),
  radius: round(radius),
  fill,
})
const path = (d: string, fill: string): Shape => ({ kind: 'path', d, fill })

/** Shapes that do not lie over each other, as one path for each ink: a list draws hundreds. */
function inked(shapes: readonly Shape[]): Shape[] {
  const inks = new Map<string, string>()
  for (const shape of shapes) inks.set(shape.fill, (inks.get(shape.fill) ?? '') + outline(shape))
  return [...inks].map(([fill, d]) => path(d, fill))
}

function outline(shape: Shape): string {
  switch (shape.kind) {
    case 'rect':
      return `M${shape.x} ${shape.y}h${shape.width}v${shape.height}h${-shape.width}z`
    case 'disc': {
      const { x, y, radius } = shape
      const half = `a${radius} ${radius} 0 0 1`
      return `M${round(x - radius)} ${y}${half} ${2 * radius} 0${half} ${-2 * radius} 0z`
    }
    case 'path':
      return shape.d
  }
}

type Form = (roll: Dice, a: string, b: string) => Shape[]

const target: Form = (roll, a, b) => {
  const x = 34 + roll() * 32
  const y = 60 + roll() * 6
  const radius = 22 + roll() * 11
  return [disc(x, y, radius, a), disc(x, y, radius * 0.62, b), disc(x, y, radius * 0.2, a)]
}

const bands: Form = (roll, a, b) => {
  const shapes: Shape[] = []
  let y = 18 + roll() * 10
  while (y < 92) {
    const height = 2 + roll() * 9
    shapes.push(rect(0, y, 100, height, roll() < 0.7 ? a : b))
    y += height + 2 + roll() * 6
  }
  return inked(shapes)
}

const slant: Form = (roll, a, b) => {
  const shapes: Shape[] = []
  const width = 7 + roll() * 9
  for (let x = -100; x < 110; x += width * 2) {
    shapes.push(
      path(`M${round(x)} 100l70 -100h${round(width)}l-70 100z`, roll() < 0.75 ? a : b),
    )
  }
  return inked(shapes)
}

const dots: Form = (roll, a, b) => {
  const shapes: Shape[] = []
  const many = 4 + Math.floor(roll() * 3)
  const step = 88 / many
  for (let i = 0; i < many; i++) {
    for (let j = 0; j < many; j++) {
      const radius = step * (0.12 + 0.36 * roll())
      shapes.push(
        disc(6 + step * (i + 0.5), 6 + step * (j + 0.5), radius, roll() < 0.82 ? a : b),
      )
    }
  }
  return inked(shapes)
}

const quarters: Form = (roll, a, b) => {
  const shapes: Shape[] = []
  const k = 25
  for (let x = 0; x < 100; x += k) {
    for (let y = 0; y < 100; y += k) {
      const turn = Math.floor(roll() * 5)
      const fill = roll() < 0.6 ? a : b
      const d = [
        `M${x} ${y}h${k}a${k} ${k} 0 0 1 -${k} ${k}z`,
        `M${x + k} ${y}v${k}a${k} ${k} 0 0 1 -${k} -${k}z`,
        `M${x + k} ${y + k}h-${k}a${k} ${k} 0 0 1 ${k} -${k}z`,
        `M${x} ${y + k}v-${k}a${k} ${k} 0 0 1 ${k} ${k}z`,
      ][turn]
      if (d) shapes.push(path(d, fill))
    }
  }
  return inked(shapes)
}

const horizon: Form = (roll, a, b) => {
  const y = 52 + roll() * 16
  const x = 28 + roll() * 44
  return [disc(x, y, 20 + roll() * 10, b), rect(0, y, 100, 100 - y, a)]
}

const waves: Form = (roll, a, b) => {
  const many = 5 + Math.floor(roll() * 4)
  return Array.from({ length: many }, (_, i): Shape => {
    const y = round(36 + i * (60 / many))
    const height = round(-(3 + roll() * 9))
    return {
      kind: 'path',
      d: `M-5 ${y}q13 ${height} 27.5 0t27.5 0t27.5 0t27.5 0`,
      fill: 'none',
      stroke: i % 3 === 1 ? b : a,
      strokeWidth: round(2 + roll() * 3),
    }
  })
}

const columns: Form = (roll, a, b) => {
  const shapes: Shape[] = []
  let x = 8
  while (x < 92) {
    const width = 3 + roll() * 10
    const height = 20 + roll() * 58
    shapes.push(rect(x, 94 - height, width, height, roll() < 0.72 ? a : b))
    x += width + 1.5
  }
  return inked(shapes)
}

const sheets: Form = (roll, a, b) => {
  const x = 12 + roll() * 20
  const y = 24 + roll() * 12
  const width = 38 + roll() * 18
  const height = 38 + roll() * 20
  return [
    rect(x, y, width, height, a),
    rect(x + width * 0.38, y + height * 0.34, 92 - x - width * 0.38, 62 - y * 0.4, b),
  ]
}

const rays: Form = (roll, a, b) => {
  const many = 7 + Math.floor(roll() * 6)
  const [x, y] = [50, 54]
  const tip = (angle: number) =>
    `L${round(x + 80 * Math.cos(angle))} ${round(y + 80 * Math.sin(angle))}`
  const beams = Array.from({ length: many }, (_, i) => {
    const angle = (i / many) * 6.283
    return path(`M${x} ${y}${tip(angle)}${tip(angle + 3.14 / many)}z`, a)
  })
  return [...inked(beams), disc(x, y, 10 + roll() * 8, b)]
}

const FORMS: readonly [Form, ...Form[]] = [
  target, bands, slant, dots, quarters, horizon, waves, columns, sheets, rays,
]

/** What a record's spine is printed in: ground, lettering. */
export function spine(artist: string): [string, string] {
  const inks = inksOf(hash(artist))
  return [inks[0], inks[3]]
}

/** The print of a sleeve: ten shapes at most. */
export function print({ artist, title, label, isCut, isLettered }: SleeveWords): Print {
  const own = hash(artist + title)
  const [ground, first, second, lettering] = inksOf(hash(artist))
  const [a, b] = own & 1 ? [first, second] : [second, first]
  const shapes = isCut
    ? companySleeve(own, own & 2 ? a : b, label?.trim() ? label : artist)
    : chosen(FORMS, own)(dice(own), a, b)
  return { ground, lettering, shapes, ...(isLettered ? letters(artist, title) : NO_LETTERS) }
}

const NO_LETTERS = { band: 0, lines: [] as Line[] }

function companySleeve(own: number, hue: string, label: string): Shape[] {
  const [ground, shape] = inksOf(hash(label))
  const prints = [
    [disc(50, 50, 42, hue)],
    [rect(0, 22, 100, 8, hue), rect(0, 70, 100, 8, hue)],
    inked(Array.from({ length: 8 }, (_, i) => rect(0, 4 + i * 12.4, 100, 5, hue))),
  ]
  return [
    ...(prints[own % 3] ?? []),
    disc(50, 50, 24, VINYL),
    disc(50, 50, 21, ground),
    rect(30, 47, 40, 1.2, shape),
    rect(36, 55, 28, 1.2, shape),
    path('M36 38a18 18 0 0 1 28 0z', shape),
    disc(50, 50, 2.4, VINYL),
  ]
}

/** Along the top edge: that is what fingers see in a crate, and stickers own the lower right. */
function letters(artist: string, title: string): { band: number; lines: Line[] } {
  const fitted = (words: string, most: number) => Math.min(most, 88 / (words.length * 0.4))
  const [high, low] = [fitted(artist, 11), fitted(title, 8.5)]
  return {
    band: round(high + low + 6.5),
    lines: [
      { y: round(high + 2), size: round(high), words: artist },
      { y: round(high + low + 3), size: round(low), words: title },
    ],
  }
}
