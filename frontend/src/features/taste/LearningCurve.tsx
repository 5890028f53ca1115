import { text } from '@/lib/text'
import { AsTable } from '@/ui/plots/AsTable'
import { EDGE, Frame, through } from '@/ui/plots/Frame'
import { linear, logarithmic } from '@/ui/plots/scale'
import { useWidth } from '@/ui/plots/useWidth'
import { Section } from '@/ui/Section'

import { measured, type Model } from './report'

const HEIGHT = 260
const LINE = 14 // px between two names beside the plot

/** How well each version orders what it had not seen, by how many verdicts it learned from. */
export function LearningCurve({ models }: { models: readonly Model[] }) {
  const points = models
    .flatMap((model) => {
      const found = measured(model, 'hold_out')
      return found ? [{ model, found, verdicts: model.keeps + model.skips, figure: found.average_precision }] : []
    })
    .sort((a, b) => a.verdicts - b.verdicts || a.model.version - b.model.version)
  const words = text.taste
  const last = points.at(-1)
  return (
    <Section title={words.learns} note={words.learnsNote}>
      {last ? (
        <>
          <Curve points={points} rule={last.figure.rule} base={last.figure.base} />
          <p className="text-ink-2">{words.learnsSaid(last.figure.value, last.figure.rule, last.figure.base)}</p>
          <AsTable
            caption={words.learns}
            columns={[words.verdicts, words.precision, words.ruleScore, words.baseRate]}
            rows={points.map(({ verdicts, figure }) => [
              String(verdicts),
              words.within(figure.value, figure.low, figure.high),
              words.two(figure.rule),
              words.two(figure.base),
            ])}
          />
        </>
      ) : (
        <p className="text-ink-2">{words.nothingMeasured}</p>
      )}
    </Section>
  )
}

interface CurveProps {
  points: readonly { verdicts: number; figure: { value: number; low: number; high: number } }[]
  rule: number | null
  base: number | null
}

function Curve({ points, rule, base }: CurveProps) {
  const [place, width] = useWidth()
  const words = text.taste
  const counts = points.map(({ verdicts }) => verdicts)
  const x = logarithmic(Math.min(20, ...counts), Math.max(100, ...counts), EDGE.left, width - EDGE.right)
  const y = linear(0, 1, HEIGHT - EDGE.bottom, EDGE.top)
  const line = points.map(({ verdicts, figure }) => [x.at(verdicts), y.at(figure.value)] as const)
  const band = [
    ...points.map(({ verdicts, figure }) => [x.at(verdicts), y.at(figure.high)] as const),
    ...points.map(({ verdicts, figure }) => [x.at(verdicts), y.at(figure.low)] as const).reverse(),
  ]
  // Names of lines that lie together would cover each other.
  const apart = rule === null || base === null ? LINE : Math.abs(y.at(rule) - y.at(base))
  const shift = (Math.max(0, LINE - apart) / 2) * ((rule ?? 0) < (base ?? 0) ? -1 : 1)
  const across = (value: number, stroke: string, dash: string, name: string, by: number) => (
    <g>
      <line x1={EDGE.left} x2={width - EDGE.right} y1={y.at(value)} y2={y.at(value)} stroke={stroke} strokeWidth="2" strokeDasharray={dash} />
      <text x={width - EDGE.right + 4} y={y.at(value) + 4 + by} fill="var(--ink-2)">
        {name}
      </text>
    </g>
  )
  const end = line.at(-1)
  return (
    <div ref={place} className="plot">
      {width > 0 && (
        <Frame
          x={x}
          y={y}
          width={width}
          height={HEIGHT}
          names={{ x: words.verdicts, y: words.precision }}
          xWords={String}
          yWords={(value) => value.toFixed(1)}
        >
          {base !== null && across(base, 'var(--p-quiet)', '2 4', words.baseShort, shift)}
          {rule !== null && across(rule, 'var(--p-other)', '7 4', words.ruleShort, -shift)}
          <path d={`${through(band)}Z`} fill="var(--p-main)" fillOpacity=".16" />
          <path d={through(line)} fill="none" stroke="var(--p-main)" strokeWidth="2" />
          {points.map(({ verdicts, figure }, at) => (
            <g key={at}>
              {/* One point alone has no band: its interval is a whisker. */}
              <line x1={x.at(verdicts)} x2={x.at(verdicts)} y1={y.at(figure.low)} y2={y.at(figure.high)} stroke="var(--p-main)" strokeOpacity=".5" />
              <circle cx={x.at(verdicts)} cy={y.at(figure.value)} r="4" fill="var(--p-main)" />
            </g>
          ))}
          {end && (
            <text x={end[0]} y={end[1] - 10} textAnchor="end" fill="var(--ink)" fontWeight="650">
              {words.thisModel}
            </text>
          )}
        </Frame>
      )}
    </div>
  )
}
