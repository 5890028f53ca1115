import { useQuery } from '@tanstack/react-query'

import { ago } from '@/lib/format'
import { text } from '@/lib/text'
import { Asked } from '@/ui/Asked'
import { Bones } from '@/ui/Bones'
import { Button } from '@/ui/Button'
import { Section } from '@/ui/Section'

import { sessions, useEndSession } from './queries'

/** Where somebody is signed in, and the way to end it there. */
export function Sessions() {
  const end = useEndSession()
  const words = text.account
  return (
    <Section title={words.sessions} note={words.sessionsNote}>
      <Asked query={useQuery(sessions())} meanwhile={<Bones lines={2} />}>
        {(found) => (
          <ul>
            {found.map((one) => (
              <li key={one.id} className="flex items-center justify-between gap-3 border-b border-rule py-2">
                <span className="min-w-0 font-data text-data">
                  <span className="block truncate">{one.agent || words.unknownBrowser}</span>
                  <span className="text-ink-3">{`${one.address} · ${words.seen(ago(one.seen_at))}`}</span>
                </span>
                {one.is_this ? (
                  <b className="whitespace-nowrap">{words.thisOne}</b>
                ) : (
                  <Button isSmall onClick={() => end.mutate(one.id)}>
                    {words.end}
                  </Button>
                )}
              </li>
            ))}
          </ul>
        )}
      </Asked>
    </Section>
  )
}
