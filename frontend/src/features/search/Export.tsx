import { text } from '@/lib/text'

import { type Asked, queryOf } from './asked'

const FORMS = ['csv', 'xlsx', 'json', 'ndjson', 'parquet'] as const

/** What is shown as a file, all of it, in its order. */
export function Export({ asked }: { asked: Asked }) {
  const query = queryOf(asked)
  return (
    <details className="menu">
      <summary className="button">{text.search.export}</summary>
      <ul>
        {FORMS.map((form) => (
          <li key={form}>
            <a
              href={`/api/v1/export?${query ? `${query}&` : ''}form=${form}`}
              download={`cratewise.${form}`}
            >
              {text.search.forms[form]}
            </a>
          </li>
        ))}
      </ul>
    </details>
  )
}
