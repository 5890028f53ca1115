import { useQuery } from '@tanstack/react-query'

import { moment } from '@/lib/format'
import { text } from '@/lib/text'
import { Asked } from '@/ui/Asked'
import { Bones } from '@/ui/Bones'
import { Section } from '@/ui/Section'

import { isOver, pullsOf } from './queries'

/** What was read of a seller before, and what came of it. */
export function PullHistory({ seller }: { seller: string }) {
  return (
    <Section title={text.pulls.history}>
      <Asked query={useQuery(pullsOf(seller))} meanwhile={<Bones lines={2} />}>
        {({ pulls }) => {
          const over = pulls.filter(isOver)
          if (over.length === 0) return <p className="text-ink-2">{text.pulls.neverRead}</p>
          return (
            <ol className="font-data text-data">
              {over.map((pull) => (
                <li key={pull.id} className="border-b border-rule py-2">
                  <p className="flex justify-between gap-3">
                    <b>{text.pulls.kinds[pull.kind] ?? pull.kind}</b>
                    <span className="text-ink-3">
                      {pull.finished_at && moment(pull.finished_at)}
                    </span>
                  </p>
                  <p className="text-ink-2">{pull.outcome}</p>
                </li>
              ))}
            </ol>
          )
        }}
      </Asked>
    </Section>
  )
}
