import { type ReactNode, useId } from 'react'

import { Divider } from './Divider'

interface SectionProps {
  title: string
  note?: ReactNode
  end?: ReactNode
  children: ReactNode
  className?: string
}

/** A part of a page under its divider; a landmark that its heading names. */
export function Section({ title, note, end, children, className = '' }: SectionProps) {
  const id = useId()
  return (
    <section aria-labelledby={id} className={className}>
      <Divider id={id} title={title} note={note} end={end} />
      {children}
    </section>
  )
}
