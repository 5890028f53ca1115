import { useQueries, useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'

import { count } from '@/lib/format'
import { text } from '@/lib/text'
import { Section } from '@/ui/Section'

import { readAsked, readQuery } from './asked'
import { total } from './queries'
import { searches } from './saved'

const MOST = 6

/** The searches that are kept: how many each finds, and how many of those are new. */
export function SavedSection({ since }: { since: string }) {
  const { data } = useQuery(searches())
  const shown = data?.searches.slice(0, MOST) ?? []
  const asked = shown.map((one) => readQuery(one.query))
  const totals = useQueries({ queries: asked.map((one) => total(one)) })
  const fresh = useQueries({ queries: asked.map((one) => total(readAsked({ since, ...one }))) })
  return (
    <Section title={text.home.searches}>
      {data && shown.length === 0 && <p className="text-ink-2">{text.home.noSearches}</p>}
      <ul>
        {shown.map((one, at) => (
          <li key={one.id} className="flex items-baseline gap-3 border-b border-rule py-2">
            <Link to="/search" search={asked[at] ?? {}} className="min-w-0 flex-1 truncate font-semibold">
              {one.name}
            </Link>
            <span className="font-data text-data">
              <b>{fresh[at]?.data !== undefined && text.home.fresh(fresh[at].data)}</b>
            </span>
            <span className="w-14 text-right font-data text-data text-ink-3">
              {totals[at]?.data !== undefined && count(totals[at].data)}
            </span>
          </li>
        ))}
      </ul>
    </Section>
  )
}
