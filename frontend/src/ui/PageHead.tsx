import type { ReactNode } from 'react'

interface PageHeadProps {
  title: string
  note?: ReactNode
  end?: ReactNode
}

/** A page's one `h1`, and what stands beside it. */
export function PageHead({ title, note, end }: PageHeadProps) {
  return (
    <div className="mb-5 flex flex-wrap items-end gap-x-4 gap-y-2">
      <title>{`${title} · Cratewise`}</title>
      <h1 className="text-title max-tablet:text-head">{title}</h1>
      <span className="note pb-1">{note}</span>
      {end && <span className="ml-auto flex flex-wrap gap-2">{end}</span>}
    </div>
  )
}
