import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'

import { text } from '@/lib/text'
import { Asked } from '@/ui/Asked'
import { Bones } from '@/ui/Bones'
import { Section } from '@/ui/Section'
import { Sleeve } from '@/ui/Sleeve'

import { picks } from './queries'

const day = new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'short', timeZone: 'UTC' })

/** The records of the days before, as a wall of sleeves. */
export function History() {
  return (
    <Section title={text.day.history}>
      <Asked query={useQuery(picks())} meanwhile={<Bones lines={2} />}>
        {(found) => (
          <ul className="grid grid-cols-[repeat(auto-fill,minmax(5rem,1fr))] gap-3">
            {found.picks.map((pick) => (
              <li key={pick.id}>
                <Link
                  to="/listings/$id"
                  params={{ id: String(pick.was.listing_id) }}
                  className="block no-underline"
                >
                  <Sleeve artist={pick.was.artist} title={pick.was.title} />
                  <span className="note">
                    {day.format(new Date(pick.day))}
                    <span className="sr-only">{`: ${pick.was.artist}, ${pick.was.title}`}</span>
                    {pick.votes.length > 0 && ` · ${pick.votes.at(-1)?.desirability ?? ''} / 5`}
                  </span>
                </Link>
              </li>
            ))}
          </ul>
        )}
      </Asked>
    </Section>
  )
}
