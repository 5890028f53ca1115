import type { ReactNode } from 'react'

interface SwitchProps {
  isOn: boolean
  label: string
  onChange: (isOn: boolean) => void
  children: ReactNode
}

/** On or off, at once. */
export function Switch({ isOn, label, onChange, children }: SwitchProps) {
  return (
    <button
      type="button"
      role="switch"
      aria-checked={isOn}
      aria-label={label}
      onClick={() => onChange(!isOn)}
      className="flex min-h-6 items-center gap-1.5"
    >
      <span className="note" aria-hidden="true">
        {children}
      </span>
      <svg viewBox="0 0 30 18" className="h-4.5 w-7.5" aria-hidden="true">
        <rect
          x=".5"
          y=".5"
          width="29"
          height="17"
          rx="8.5"
          fill="var(--well)"
          stroke="var(--edge)"
        />
        <circle cx={isOn ? 21 : 9} cy="9" r="6" fill="var(--ink)" />
      </svg>
    </button>
  )
}
