import type { ReactNode } from 'react'

import { text } from '@/lib/text'

interface AsTableProps {
  columns: readonly string[]
  rows: readonly (readonly ReactNode[])[]
  caption: string
}

/** What a plot shows, for who cannot see it or wants the figures. */
export function AsTable({ columns, rows, caption }: AsTableProps) {
  return (
    <details className="mt-2">
      <summary className="min-h-6 cursor-pointer text-note text-ink-2 underline decoration-edge underline-offset-3">
        {text.plots.table}
      </summary>
      <div className="max-h-96 overflow-auto" tabIndex={0} role="group" aria-label={caption}>
        <table className="table">
          <caption className="sr-only">{caption}</caption>
          <thead>
            <tr>
              {columns.map((name, at) => (
                <th key={name} scope="col" className={at ? 'figure' : ''}>
                  {name}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {rows.map((cells, row) => (
              <tr key={row}>
                {cells.map((cell, at) => (
                  <td key={at} className={at ? 'figure' : ''}>
                    {cell}
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </details>
  )
}
