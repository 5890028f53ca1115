import { text } from '@/lib/text'

export interface Part {
  name: string
  /** Signed, in log-odds. */
  amount: number
  /** What else is said of it, behind the figure. */
  note?: string
}

/** What speaks for and against: filled to the right with +, outlined to the left with −. */
export function Contributions({ parts, label }: { parts: readonly Part[]; label: string }) {
  const most = Math.max(...parts.map(({ amount }) => Math.abs(amount)), 0.01)
  return (
    <ul aria-label={label} className="grid font-data text-data">
      {parts.map(({ name, amount, note }) => (
        <li
          key={name}
          className={`grid min-h-6 items-center gap-2 py-1 ${note === undefined ? 'grid-cols-[minmax(0,1fr)_7rem_3.25rem]' : 'grid-cols-[minmax(0,1fr)_6rem_3rem_4.5rem]'}`}
        >
          <span className="leading-tight first-letter:uppercase">{name}</span>
          <svg viewBox="-100 0 200 12" className="h-3 w-full" preserveAspectRatio="none" aria-hidden="true">
            <line x1="0" x2="0" y1="0" y2="12" stroke="var(--edge)" vectorEffect="non-scaling-stroke" />
            <Bar amount={(amount / most) * 98} />
          </svg>
          <span className={`text-right ${amount < 0 ? 'text-skip' : 'text-keep'}`}>
            {text.why.amount(amount)}
          </span>
          {note !== undefined && <span className="text-right text-ink-2">{note}</span>}
        </li>
      ))}
    </ul>
  )
}

function Bar({ amount }: { amount: number }) {
  return amount >= 0 ? (
    <rect x="0" y="2" width={amount} height="8" fill="var(--keep)" />
  ) : (
    <rect
      x={amount}
      y="2"
      width={-amount}
      height="8"
      fill="var(--skip-wash)"
      stroke="var(--skip)"
      vectorEffect="non-scaling-stroke"
    />
  )
}
