import { text } from '@/lib/text'

import { type Asked, type Change, JUDGED, type Single, turned } from './asked'
import { Choice, Group } from './Facet'
import type { FacetValues } from './queries'

interface YoursProps {
  asked: Asked
  onChange: (change: Change) => void
  /** How many are new, dropped, gone; undefined: not counted. */
  state: FacetValues | undefined
  newsSince: string
}

/** What listings are to you, and what became of them. */
export function Yours({ asked, onChange, state, newsSince }: YoursProps) {
  const countOf = (name: string) => state?.values.find((one) => one.value === name)?.count
  const pick = (name: Single, value: unknown) => () => onChange(turned(name, value))
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
            onPick={pick('judged', judged)}
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
            // An older moment in the address is taken out, too.
            onPick={pick(name, asked[name] ?? value)}
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
