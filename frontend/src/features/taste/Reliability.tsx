import { percent } from '@/lib/format'
import { text } from '@/lib/text'
import { AsTable } from '@/ui/plots/AsTable'
import { EDGE, Frame } from '@/ui/plots/Frame'
import { linear } from '@/ui/plots/scale'
import { useWidth } from '@/ui/plots/useWidth'
import { Section } from '@/ui/Section'

import { interval, measured, type Measures, type Model } from './report'

const HEIGHT = 260

/** What was said beside what came: on the dotted line, "80 %" means eight of ten. */
export function Reliability({ model }: { model: Model | undefined }) {
  const words = text.taste
  const found = model && (measured(model, 'prequential') ?? measured(model, 'hold_out'))
  return (
    <Section title={words.honest} note={found ? words.offBy(found.calibration_error) : undefined}>
      {found ? (
        <>
          <Dots bins={found.reliability} />
          <p className="text-ink-2">{words.honestWhy}</p>
          <AsTable
            caption={words.honest}
            columns={[words.said, words.came, words.verdicts]}
            rows={found.reliability.map((bin) => [percent(bin.said), percent(bin.came), String(bin.verdicts)])}
          />
        </>
      ) : (
        <p className="text-ink-2">{words.nothingMeasured}</p>
      )}
    </Section>
  )
}

function Dots({ bins }: { bins: Measures['reliability'] }) {
  const [place, width] = useWidth()
  const x = linear(0, 1, EDGE.left, width - EDGE.right)
  const y = linear(0, 1, HEIGHT - EDGE.bottom, EDGE.top)
  const most = Math.max(...bins.map((bin) => bin.verdicts))
  return (
    <div ref={place} className="plot">
      {width > 0 && (
        <Frame
          x={x}
          y={y}
          width={width}
          height={HEIGHT}
          names={{ x: text.taste.saidAxis, y: text.taste.cameAxis }}
          xWords={(value) => (value * 100).toFixed(0)}
          yWords={(value) => (value * 100).toFixed(0)}
        >
          <line x1={x.at(0)} x2={x.at(1)} y1={y.at(0)} y2={y.at(1)} stroke="var(--p-quiet)" strokeDasharray="2 4" />
          {bins.map((bin, at) => {
            const [low, high] = interval(bin.came, bin.verdicts)
            return (
              <g key={at}>
                <line x1={x.at(bin.said)} x2={x.at(bin.said)} y1={y.at(low)} y2={y.at(high)} stroke="var(--p-main)" />
                <circle cx={x.at(bin.said)} cy={y.at(bin.came)} r={2 + 4 * Math.sqrt(bin.verdicts / most)} fill="var(--p-main)" />
              </g>
            )
          })}
        </Frame>
      )}
    </div>
  )
}
