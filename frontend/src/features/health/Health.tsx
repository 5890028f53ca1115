import { useQuery } from '@tanstack/react-query'

import type { Schema } from '@/api/server'
import { text } from '@/lib/text'
import { Asked } from '@/ui/Asked'
import { Bones } from '@/ui/Bones'
import { Section } from '@/ui/Section'

import { readiness } from './queries'

/** Whether the installation works, part by part. */
export function Health() {
  return (
    <Section title={text.health.title}>
      <Asked query={useQuery(readiness())} meanwhile={<Bones lines={4} />}>
        {(ready) => <Parts ready={ready} />}
      </Asked>
    </Section>
  )
}

function Parts({ ready }: { ready: Schema['Readiness'] }) {
  const parts = [
    [text.health.database, ready.database],
    [text.health.migrations, ready.migrations],
    [text.health.workers, ready.workers],
  ] as const
  const isGood = parts.every(([, part]) => part.is_ok)
  return (
    <>
      <p className="mb-2 font-medium">{isGood ? text.health.good : text.health.bad}</p>
      <dl className="grid grid-cols-[auto_1fr] gap-x-4 gap-y-1 font-data text-data">
        {parts.map(([name, part]) => (
          <div key={name} className="contents">
            <dt className="text-ink-3">{name}</dt>
            <dd>
              {!part.is_ok && <b className="text-bad">{text.health.notOk}: </b>}
              {part.detail}
            </dd>
          </div>
        ))}
      </dl>
    </>
  )
}
