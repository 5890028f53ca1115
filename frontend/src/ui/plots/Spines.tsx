import { spine } from '@/lib/sleeve'

interface SpinesProps {
  records: readonly { id: number; artist: string; minor: number }[]
  postage: number
  budget: number
  label: string
}

/** The crate as spines, as wide as they are dear; postage is hatched, what is left is air. */
export function Spines({ records, postage, budget, label }: SpinesProps) {
  const unit = 1000 / Math.max(budget, 1)
  const starts = records.map((_, at) =>
    records.slice(0, at).reduce((sum, record) => sum + record.minor, 0),
  )
  const spent = records.reduce((sum, record) => sum + record.minor, 0)
  return (
    <svg
      role="img"
      aria-label={label}
      viewBox="-4 0 1008 100"
      preserveAspectRatio="none"
      className="mb-7 h-24 w-full"
    >
      <defs>
        <pattern id="hatch" width="8" height="8" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">
          <line y2="8" stroke="var(--edge)" strokeWidth="3" />
        </pattern>
      </defs>
      {records.map(({ id, artist, minor }, at) => (
        <rect
          key={id}
          x={(starts[at] ?? 0) * unit}
          y="10"
          width={Math.max(minor * unit - 1.5, 1)}
          height="88"
          fill={spine(artist)[0]}
          stroke="var(--edge)"
          vectorEffect="non-scaling-stroke"
        />
      ))}
      <rect x={spent * unit} y="10" width={postage * unit} height="88" fill="url(#hatch)" />
      <path
        d="M-2 2V99H1002V2"
        fill="none"
        stroke="var(--ink)"
        strokeWidth="3"
        vectorEffect="non-scaling-stroke"
      />
    </svg>
  )
}
