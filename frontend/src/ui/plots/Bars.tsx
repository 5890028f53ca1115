export interface Bar {
  name: string
  count: number
  isOn?: boolean
  /** What the bar says to who listens: "1990s, 1,204 listings". */
  label: string
}

interface BarsProps {
  bars: readonly Bar[]
  /** What stands under the first, and under the last. */
  ends: readonly [string, string]
  onPick: (at: number) => void
}

/** A histogram: its shape is the answer, and each bar can be pressed. */
export function Bars({ bars, ends, onPick }: BarsProps) {
  const most = Math.max(...bars.map((bar) => bar.count), 1)
  const isAnyOn = bars.some((bar) => bar.isOn)
  return (
    <div>
      <ul className="flex h-16 items-stretch gap-px border-b border-ink-3">
        {bars.map((bar, at) => (
          <li key={bar.name} className="min-w-0 flex-1">
            <button
              type="button"
              className="bar block size-full"
              title={bar.label}
              aria-label={bar.label}
              aria-pressed={Boolean(bar.isOn)}
              onClick={() => onPick(at)}
            >
              <svg viewBox="0 0 10 100" preserveAspectRatio="none" className="size-full" aria-hidden="true">
                <rect
                  y={100 - heightOf(bar.count, most)}
                  width="10"
                  height={heightOf(bar.count, most)}
                  fill={bar.isOn || !isAnyOn ? 'var(--p-main)' : 'var(--p-bar)'}
                />
              </svg>
            </button>
          </li>
        ))}
      </ul>
      <p className="flex justify-between pt-1 font-data text-note text-ink-2">
        <span>{ends[0]}</span>
        <span>{ends[1]}</span>
      </p>
    </div>
  )
}

/** Of 100; what is there at all is seen. */
const heightOf = (count: number, most: number) => (count ? Math.max((100 * count) / most, 3) : 0)
