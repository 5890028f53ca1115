import type { ReactNode } from 'react'

interface DividerProps {
  id?: string
  title: string
  note?: ReactNode
  end?: ReactNode
}

/** The heading of a section: an ink tab that stands on a rule. */
export function Divider({ id, title, note, end }: DividerProps) {
  return (
    <div className="divider">
      <h2 id={id}>{title}</h2>
      {note && <span className="note max-tablet:hidden">{note}</span>}
      {end && <span className="end">{end}</span>}
    </div>
  )
}
