import type { ButtonHTMLAttributes, ReactNode } from 'react'

interface ButtonProps extends ButtonHTMLAttributes<HTMLButtonElement> {
  kind?: 'plain' | 'main' | 'keep' | 'skip' | 'bare' | 'loss'
  isSmall?: boolean
  /** What a click spends at Discogs; a button without a cost spends nothing. */
  cost?: string | undefined
  /** The key that presses it. */
  keyName?: string | undefined
  isBusy?: boolean
  children: ReactNode
}

/** A deed.  Its cost is named before the click. */
export function Button({
  kind = 'plain',
  isSmall = false,
  cost,
  keyName,
  isBusy = false,
  className = '',
  children,
  ...rest
}: ButtonProps) {
  return (
    <button
      type="button"
      aria-busy={isBusy || undefined}
      className={`button ${kind} ${isSmall ? 'small' : ''} ${className}`}
      {...rest}
      disabled={isBusy || rest.disabled}
    >
      {children}
      {cost && <span className="cost">{cost}</span>}
      {keyName && <kbd aria-hidden="true">{keyName}</kbd>}
    </button>
  )
}
