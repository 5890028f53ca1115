import { text } from '@/lib/text'

import { type Asked, JUDGED, readAsked } from './asked'
import { Choice, Group } from './Facet'
import type { FacetValues } from './queries'

interface YoursProps {
  asked: Asked
  onAsk: (asked: Asked) => void
  /** How many are new, dropped, gone; undefined: not counted. */
  state: FacetValues | undefined
  newsSince: string
}

/** What listings are to you, and what became of them. */
export function Yours({ asked, onAsk, state, newsSince }: YoursProps) {
  const countOf = (name: string) => state?.values.find((one) => one.value === name)?.count
  const pick = (name: keyof Asked, value: unknown) => () =>
    onAsk(readAsked({ ...asked, [name]: asked[name] === undefined ? value : undefined }))
  const states = [
    ['since', newsSince, 'new'],
    ['dropped_since', newsSince, 'dropped'],
    ['only_gone', true, 'gone'],
  ] as const
  const owns = ['wanted', 'owned', 'other_pressing', 'fresh'] as const
  return (
    <>
      <Group name={text.search.judged}>
        {JUDGED.slice(0, 3).map((judged) => (
          <Choice
            key={judged}
            name={text.search.judgedAs[judged]}
            isOn={asked.judged === judged}
            onPick={() =>
              onAsk(readAsked({ ...asked, judged: asked.judged === judged ? undefined : judged }))
            }
          />
        ))}
      </Group>
      <Group name={text.search.facets.state}>
        {states.map(([name, value, counted]) => (
          <Choice
            key={name}
            name={text.search.states[counted]}
            many={countOf(counted)}
            isOn={asked[name] !== undefined}
            onPick={pick(name, value)}
          />
        ))}
        {owns.map((name) => (
          <Choice
            key={name}
            name={text.search.owns[name]}
            isOn={asked[name] === true}
            onPick={pick(name, true)}
          />
        ))}
      </Group>
    </>
  )
}
