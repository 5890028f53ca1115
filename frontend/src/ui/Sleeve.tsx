import { memo } from 'react'

import { useCover } from '@/lib/covers'
import { print, type Shape, type SleeveWords } from '@/lib/sleeve'

/** The cover: drawn from words, or the real one once it is there.  Decoration: what it says
 * stands beside it. */
export const Sleeve = memo(function Sleeve(words: SleeveWords) {
  const cover = useCover(words.releaseId)
  const { ground, lettering, shapes, band, lines } = print(words)
  return (
    <svg className="sleeve" viewBox="0 0 100 100" aria-hidden="true">
      <rect width="100" height="100" fill={ground} />
      {shapes.map((shape, place) => (
        <Mark key={place} shape={shape} />
      ))}
      {lines.length > 0 && <rect width="100" height={band} fill={ground} />}
      {lines.map(({ y, size, words: line }, place) => (
        <text
          key={place}
          x="5"
          y={y}
          fontSize={size}
          fill={lettering}
          opacity={place ? 0.86 : 1}
          className="font-divider"
        >
          {line}
        </text>
      ))}
      {cover && (
        <image href={cover} width="100" height="100" preserveAspectRatio="xMidYMid slice" className="cover-picture" />
      )}
      <path d="M2.2 0V100" stroke="#000" strokeOpacity=".16" strokeWidth=".7" />
    </svg>
  )
})

function Mark({ shape }: { shape: Shape }) {
  switch (shape.kind) {
    case 'rect':
      return (
        <rect x={shape.x} y={shape.y} width={shape.width} height={shape.height} fill={shape.fill} />
      )
    case 'disc':
      return <circle cx={shape.x} cy={shape.y} r={shape.radius} fill={shape.fill} />
    case 'path':
      return (
        <path
          d={shape.d}
          fill={shape.fill}
          {...(shape.stroke && { stroke: shape.stroke, strokeWidth: shape.strokeWidth })}
        />
      )
  }
}
