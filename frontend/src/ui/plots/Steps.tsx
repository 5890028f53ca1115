import { EDGE, Frame, through } from './Frame'
import { linear, roundEnds } from './scale'
import { useWidth } from './useWidth'

interface StepsProps {
  /** In order of time; at: milliseconds. */
  steps: readonly { at: number; value: number; words: string }[]
  /** Until when the last one held, in milliseconds. */
  until: number
  label: string
}

const HEIGHT = 220
const day = new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'short' })
const DATES = 3

/** What holds until it is changed: steps, not a slope; each is written where it begins. */
export function Steps({ steps, until, label }: StepsProps) {
  const [place, width] = useWidth()
  const first = steps[0]?.at ?? until
  const x = linear(first, Math.max(until, first + 1), EDGE.left, width - EDGE.right)
  const values = steps.map((step) => step.value)
  const [low, high] = roundEnds(values.length ? values : [0, 1])
  const y = linear(low, high === low ? low + 1 : high, HEIGHT - EDGE.bottom, EDGE.top)
  const corners = steps.flatMap((step, at) => {
    const end = steps[at + 1]?.at ?? Math.max(until, step.at)
    return [
      [x.at(step.at), y.at(step.value)] as const,
      [x.at(end), y.at(step.value)] as const,
    ]
  })
  const dates = Array.from({ length: DATES }, (_, at) => first + ((until - first) * at) / (DATES - 1))
  return (
    <div ref={place} className="plot" role="img" aria-label={label}>
      {width > 0 && (
        <Frame
          x={{ ...x, ticks: dates }}
          y={y}
          width={width}
          height={HEIGHT}
          names={{ x: '', y: '' }}
          xWords={(at) => day.format(at)}
          yWords={(value) => String(value)}
        >
          <path d={through(corners)} fill="none" stroke="var(--p-main)" strokeWidth="2" />
          {steps.map((step) => (
            <g key={step.at}>
              <circle cx={x.at(step.at)} cy={y.at(step.value)} r="4" fill="var(--p-main)" />
              <text x={x.at(step.at) + 6} y={y.at(step.value) - 7} fill="var(--ink)" fontWeight="650">
                {step.words}
              </text>
            </g>
          ))}
        </Frame>
      )}
    </div>
  )
}
