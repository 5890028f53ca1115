import { type KeyboardEvent, type PointerEvent, type ReactNode, useMemo, useState } from 'react'

import { linear, roundEnds, type Scale } from './scale'
import { useWidth } from './useWidth'

export interface Dot {
  x: number
  y: number
  /** 0 to 1; its area. */
  chance: number
}

interface LandscapeProps {
  dots: readonly Dot[]
  /** Place of the one that was drawn. */
  picked: number
  label: string
  axes: { x: string; y: string }
  /** How much of y is worth as much as one of x: lines of equal worth are drawn. */
  slope: number
  /** What is said of a dot that is pointed at, or reached by the arrow keys. */
  say: (place: number) => ReactNode
}

const HEIGHT = 400
const EDGE = { left: 40, right: 24, top: 28, bottom: 40 } // px, for what is written there
const LARGEST = 14 // px, radius
const NEAR = 24 // px, how near a pointer must be
const LINES = 5 // of equal worth

/** What could be drawn: dots whose area is their chance, the one drawn as a disc. */
export function Landscape({ dots, picked, label, axes, slope, say }: LandscapeProps) {
  const [place, width] = useWidth()
  const [at, setAt] = useState<number | null>(null)
  const x = scaled(dots.map((dot) => dot.x), EDGE.left, width - EDGE.right)
  const y = scaled(dots.map((dot) => dot.y), HEIGHT - EDGE.bottom, EDGE.top)
  const inOrder = useMemo(
    () => dots.map((_, place) => place).sort((a, b) => (dots[a]?.x ?? 0) - (dots[b]?.x ?? 0)),
    [dots],
  )
  const walk = (event: KeyboardEvent) => {
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key]
    if (step === undefined) return
    event.preventDefault()
    event.stopPropagation()
    const next = inOrder.indexOf(at ?? picked) + step
    setAt(inOrder[Math.max(0, Math.min(next, inOrder.length - 1))] ?? picked)
  }
  const point = (event: PointerEvent<SVGSVGElement>) => {
    const box = event.currentTarget.getBoundingClientRect()
    const near = nearest(dots, x, y, event.clientX - box.left, event.clientY - box.top)
    if (near !== null) setAt(near)
  }
  const shown = dots[at ?? picked]
  return (
    <div ref={place} className="plot">
      {width > 0 && (
        <div role="group" aria-label={label} tabIndex={0} onKeyDown={walk}>
          <svg
            aria-hidden="true"
            width={width}
            height={HEIGHT}
            className="font-data text-note"
            onPointerMove={point}
            onPointerDown={point}
          >
            <Axes x={x} y={y} width={width} names={axes} />
            <Equals dots={dots} slope={slope} x={x} y={y} width={width} />
            <Dots dots={dots} x={x} y={y} largest={LARGEST} />
            <Picked dot={dots[picked]} x={x} y={y} />
            {shown && at !== null && (
              <circle cx={x.at(shown.x)} cy={y.at(shown.y)} r="16" fill="none" stroke="var(--ink)" strokeWidth="1.6" />
            )}
          </svg>
        </div>
      )}
      <p role="status" className="min-h-9 font-data text-data">
        {say(at ?? picked)}
      </p>
    </div>
  )
}

/** The same small, without words: how the chances lie. */
export function SmallLandscape({ dots }: { dots: readonly Dot[] }) {
  const [width, height] = [160, 96]
  const x = scaled(dots.map((dot) => dot.x), 8, width - 8)
  const y = scaled(dots.map((dot) => dot.y), height - 8, 8)
  return (
    <svg viewBox={`0 0 ${width} ${height}`} className="w-full bg-well" aria-hidden="true">
      <Dots dots={dots} x={x} y={y} largest={7} />
    </svg>
  )
}

interface Scales {
  x: Scale
  y: Scale
}

function Dots({ dots, x, y, largest }: Scales & { dots: readonly Dot[]; largest: number }) {
  const most = Math.max(...dots.map((dot) => dot.chance), Number.MIN_VALUE)
  return dots.map((dot, place) => (
    <circle
      key={place}
      cx={x.at(dot.x)}
      cy={y.at(dot.y)}
      r={Math.max(largest / 10, largest * Math.sqrt(dot.chance / most))}
      fill="var(--p-main)"
      fillOpacity=".45"
    />
  ))
}

function Picked({ dot, x, y }: Scales & { dot: Dot | undefined }) {
  if (!dot) return null
  return (
    <g>
      <circle cx={x.at(dot.x)} cy={y.at(dot.y)} r="11" fill="var(--vinyl)" stroke="var(--rim)" />
      <circle cx={x.at(dot.x)} cy={y.at(dot.y)} r="4.5" fill="var(--sticker)" />
    </g>
  )
}

function Axes({ x, y, width, names }: Scales & { width: number; names: { x: string; y: string } }) {
  return (
    <g>
      {y.ticks.map((tick) => (
        <g key={tick}>
          <line x1={EDGE.left} x2={width - EDGE.right} y1={y.at(tick)} y2={y.at(tick)} stroke="var(--p-grid)" />
          <text x={EDGE.left - 6} y={y.at(tick) + 4} textAnchor="end" fill="var(--ink-2)">
            {tick.toFixed(1)}
          </text>
        </g>
      ))}
      {x.ticks.map((tick) => (
        <text key={tick} x={x.at(tick)} y={HEIGHT - EDGE.bottom + 18} textAnchor="middle" fill="var(--ink-2)">
          {tick.toFixed(1)}
        </text>
      ))}
      <text x={EDGE.left} y={14} fill="var(--ink)" fontWeight="650">
        {names.y}
      </text>
      <text x={width - EDGE.right} y={HEIGHT - 4} textAnchor="end" fill="var(--ink)" fontWeight="650">
        {names.x}
      </text>
    </g>
  )
}

/** Dashed lines along which y + slope · x is the same. */
function Equals({ dots, slope, x, y, width }: Scales & { dots: readonly Dot[]; slope: number; width: number }) {
  const worths = dots.map((dot) => dot.y + slope * dot.x)
  const [least, most] = [Math.min(...worths), Math.max(...worths)]
  const [left, right] = [x.value(EDGE.left), x.value(width - EDGE.right)]
  return (
    <g stroke="var(--p-quiet)" strokeDasharray="4 4" clipPath="url(#landscape)">
      <clipPath id="landscape">
        <rect
          x={EDGE.left}
          y={EDGE.top}
          width={Math.max(width - EDGE.left - EDGE.right, 0)}
          height={HEIGHT - EDGE.top - EDGE.bottom}
        />
      </clipPath>
      {Array.from({ length: LINES }, (_, line) => {
        const worth = least + ((line + 1) * (most - least)) / (LINES + 1)
        return (
          <line
            key={line}
            x1={x.at(left)}
            x2={x.at(right)}
            y1={y.at(worth - slope * left)}
            y2={y.at(worth - slope * right)}
          />
        )
      })}
    </g>
  )
}

function scaled(values: readonly number[], from: number, to: number): Scale {
  const [low, high] = roundEnds(values.length ? values : [0, 1])
  return linear(low, high, from, to)
}

function nearest(dots: readonly Dot[], x: Scale, y: Scale, left: number, top: number): number | null {
  let [best, distance]: [number | null, number] = [null, NEAR]
  dots.forEach((dot, place) => {
    const away = Math.hypot(x.at(dot.x) - left, y.at(dot.y) - top)
    if (away < distance) [best, distance] = [place, away]
  })
  return best
}
