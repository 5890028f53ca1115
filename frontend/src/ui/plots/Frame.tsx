import type { ReactNode } from 'react'

import type { Scale } from './scale'

export const EDGE = { left: 40, right: 56, top: 24, bottom: 36 } // px, for what is written there

interface FrameProps {
  x: Scale
  y: Scale
  width: number
  height: number
  names: { x: string; y: string }
  xWords: (value: number) => string
  yWords: (value: number) => string
  children: ReactNode
}

/** The ground of a plot: lines across, what they mean at the left, what lies below. */
export function Frame({ x, y, width, height, names, xWords, yWords, children }: FrameProps) {
  return (
    <svg aria-hidden="true" width={width} height={height} className="font-data text-note">
      {y.ticks.map((tick) => (
        <g key={tick}>
          <line x1={EDGE.left} x2={width - EDGE.right} y1={y.at(tick)} y2={y.at(tick)} stroke="var(--p-grid)" />
          <text x={EDGE.left - 6} y={y.at(tick) + 4} textAnchor="end" fill="var(--ink-2)">
            {yWords(tick)}
          </text>
        </g>
      ))}
      {x.ticks.map((tick) => (
        <text key={tick} x={x.at(tick)} y={height - EDGE.bottom + 16} textAnchor="middle" fill="var(--ink-2)">
          {xWords(tick)}
        </text>
      ))}
      <text x={EDGE.left} y={12} fill="var(--ink)" fontWeight="650">
        {names.y}
      </text>
      <text x={width - EDGE.right} y={height - 4} textAnchor="end" fill="var(--ink)" fontWeight="650">
        {names.x}
      </text>
      {children}
    </svg>
  )
}

/** A path through points of pixels. */
export const through = (points: readonly (readonly [number, number])[]) =>
  points.map(([x, y], at) => `${at ? 'L' : 'M'}${x.toFixed(1)} ${y.toFixed(1)}`).join('')
