import { queryOptions, useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'

import { answer, type Schema, server } from '@/api/server'
import { span } from '@/lib/format'
import { text } from '@/lib/text'
import { Asked } from '@/ui/Asked'
import { Bones } from '@/ui/Bones'
import { Section } from '@/ui/Section'

import { NewsLine } from './NewsLine'

const LINES = 4

const gone = (since: string) =>
  queryOptions({
    queryKey: ['listings', 'gone', since],
    queryFn: () =>
      answer(
        server.GET('/api/v1/changes', { params: { query: { since, kind: ['gone'], limit: LINES } } }),
      ),
  })

/** What went since a moment, the last first, and how long it was there. */
export function Gone({ since }: { since: string }) {
  return (
    <Asked query={useQuery(gone(since))} meanwhile={<Bones lines={LINES} height="h-15" />}>
      {({ changes }) => (
        <Section
          title={text.home.goneTitle}
          note={text.home.goneWhy}
          end={
            <Link to="/search" search={{ only_gone: true, sort: 'listed' }}>
              {text.home.goneAll}
            </Link>
          }
        >
          <ul>
            {changes.map((change) => (
              <NewsLine key={change.listing.id} listing={change.listing}>
                {text.home.after(span(lived(change)))}
              </NewsLine>
            ))}
          </ul>
        </Section>
      )}
    </Asked>
  )
}

const lived = ({ at, listing }: Schema['changes_Change']) =>
  (Date.parse(at) - Date.parse(listing.first_seen_at)) / 1000
