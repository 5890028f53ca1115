import type { Schema } from '@/api/server'
import { percent } from '@/lib/format'
import { text } from '@/lib/text'
import { AsTable } from '@/ui/plots/AsTable'
import { EDGE, Frame, through } from '@/ui/plots/Frame'
import { linear } from '@/ui/plots/scale'
import { useWidth } from '@/ui/plots/useWidth'

const HEIGHT = 240
const EACH = 10 // percent, in the table

/** Right and found over the threshold; what would be kept is washed. */
export function CutCurve({ cuts, at }: { cuts: readonly Schema['Cut'][]; at: number }) {
  const [place, width] = useWidth()
  const words = text.taste
  const x = linear(0, 1, EDGE.left, width - EDGE.right)
  const y = linear(0, 1, HEIGHT - EDGE.bottom, EDGE.top)
  const right = cuts.flatMap((cut) => (cut.right === null ? [] : [[x.at(cut.threshold), y.at(cut.right)] as const]))
  const found = cuts.map((cut) => [x.at(cut.threshold), y.at(cut.found)] as const)
  return (
    <div ref={place} className="plot">
      {width > 0 && (
        <Frame
          x={x}
          y={y}
          width={width}
          height={HEIGHT}
          names={{ x: words.thresholdAxis, y: words.shareAxis }}
          xWords={(value) => (value * 100).toFixed(0)}
          yWords={(value) => (value * 100).toFixed(0)}
        >
          <rect
            x={x.at(at)}
            y={EDGE.top}
            width={Math.max(x.at(1) - x.at(at), 0)}
            height={HEIGHT - EDGE.bottom - EDGE.top}
            fill="var(--keep-wash)"
          />
          <path d={through(right)} fill="none" stroke="var(--p-main)" strokeWidth="2" />
          <path d={through(found)} fill="none" stroke="var(--p-other)" strokeWidth="2" strokeDasharray="7 4" />
          <Name end={right.at(-1)}>{words.right}</Name>
          <Name end={found.at(-1)}>{words.found}</Name>
          <line x1={x.at(at)} x2={x.at(at)} y1={EDGE.top} y2={HEIGHT - EDGE.bottom} stroke="var(--ink)" strokeWidth="2" />
        </Frame>
      )}
      <AsTable
        caption={words.threshold}
        columns={[words.thresholdAxis, words.right, words.found]}
        rows={cuts
          .filter((cut) => Math.round(cut.threshold * 100) % EACH === 0)
          .map((cut) => [percent(cut.threshold), cut.right === null ? '–' : percent(cut.right), percent(cut.found)])}
      />
    </div>
  )
}

function Name({ end, children }: { end: readonly [number, number] | undefined; children: string }) {
  if (!end) return null
  return (
    <text x={end[0] + 6} y={end[1] + 4} fill="var(--ink-2)">
      {children}
    </text>
  )
}
