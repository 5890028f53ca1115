import { useLayoutEffect, useRef, useState } from 'react'

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
}

const HEIGHT = 360
const EDGE = { left: 40, right: 24, top: 20, bottom: 40 } // px, for what is written there
const TICKS = 5
const LARGEST = 14 // px, radius

/** What could be drawn: dots whose area is their chance, the one drawn as a disc. */
export function Landscape({ dots, picked, label, axes }: LandscapeProps) {
  const [place, width] = useWidth()
  const x = scale(dots.map((dot) => dot.x), EDGE.left, width - EDGE.right)
  const y = scale(dots.map((dot) => dot.y), HEIGHT - EDGE.bottom, EDGE.top)
  const most = Math.max(...dots.map((dot) => dot.chance), Number.MIN_VALUE)
  const radius = (chance: number) => Math.max(1.5, LARGEST * Math.sqrt(chance / most))
  const drawn = dots[picked]
  return (
    <div ref={place}>
      {width > 0 && (
        <svg role="img" aria-label={label} width={width} height={HEIGHT} className="font-data text-note">
          {y.ticks.map((tick) => (
            <g key={tick}>
              <line x1={EDGE.left} x2={width - EDGE.right} y1={y.at(tick)} y2={y.at(tick)} stroke="var(--p-grid)" />
              <text x={EDGE.left - 6} y={y.at(tick) + 4} textAnchor="end" fill="var(--ink-2)">
                {tick.toFixed(2)}
              </text>
            </g>
          ))}
          {x.ticks.map((tick) => (
            <text key={tick} x={x.at(tick)} y={HEIGHT - EDGE.bottom + 16} textAnchor="middle" fill="var(--ink-2)">
              {tick.toFixed(2)}
            </text>
          ))}
          <text x={EDGE.left} y={12} fill="var(--ink)" fontWeight="650">
            {axes.y}
          </text>
          <text x={width - EDGE.right} y={HEIGHT - 6} textAnchor="end" fill="var(--ink)" fontWeight="650">
            {axes.x}
          </text>
          {dots.map((dot, at) => (
            <circle
              key={at}
              cx={x.at(dot.x)}
              cy={y.at(dot.y)}
              r={radius(dot.chance)}
              fill="var(--p-main)"
              fillOpacity=".45"
            />
          ))}
          {drawn && (
            <g>
              <circle cx={x.at(drawn.x)} cy={y.at(drawn.y)} r="11" fill="var(--vinyl)" stroke="var(--rim)" />
              <circle cx={x.at(drawn.x)} cy={y.at(drawn.y)} r="4.5" fill="var(--sticker)" />
            </g>
          )}
        </svg>
      )}
    </div>
  )
}

/** From values to pixels, with a little air; and where to write values. */
function scale(values: readonly number[], from: number, to: number) {
  const [low, high] = [Math.min(...values), Math.max(...values)]
  const span = high - low || 1
  const at = (value: number) => from + ((value - low) / span) * (to - from)
  return { at, ticks: Array.from({ length: TICKS }, (_, i) => low + (span * i) / (TICKS - 1)) }
}

/** The width of an element as it is laid out: text in a plot must not shrink on a phone. */
function useWidth() {
  const place = useRef<HTMLDivElement>(null)
  const [width, setWidth] = useState(0)
  useLayoutEffect(() => {
    if (!place.current) return
    const watching = new ResizeObserver(([entry]) => setWidth(entry?.contentRect.width ?? 0))
    watching.observe(place.current)
    return () => watching.disconnect()
  }, [])
  return [place, width] as const
}
