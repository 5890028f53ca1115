import type { ReactNode } from 'react'

interface StateBoxProps {
  title: string
  children?: ReactNode
  isBad?: boolean
}

/** Where there is nothing to show: what is, and what can be done. */
export function StateBox({ title, children, isBad = false }: StateBoxProps) {
  return (
    <div className={`state-box ${isBad ? 'bad' : ''}`} role={isBad ? 'alert' : undefined}>
      <h2 className="text-tab">{title}</h2>
      {children}
    </div>
  )
}
