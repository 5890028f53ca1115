import { useQuery } from '@tanstack/react-query'

import { text } from '@/lib/text'
import { Asked } from '@/ui/Asked'
import { Bones } from '@/ui/Bones'
import { Button } from '@/ui/Button'
import { Section } from '@/ui/Section'

import { hidden, useShowAgain } from './queries'

/** What you do not want to see, and the way back. */
export function HiddenThings() {
  const showAgain = useShowAgain()
  return (
    <Section title={text.settings.hidden} note={text.settings.hiddenNote}>
      <Asked query={useQuery(hidden())} meanwhile={<Bones lines={1} />}>
        {(all) =>
          all.hidden.length === 0 ? (
            <p className="text-ink-2">{text.settings.noneHidden}</p>
          ) : (
            <ul>
              {all.hidden.map((one) => (
                <li
                  key={one.id}
                  className="flex items-center justify-between gap-3 border-b border-rule py-1.5"
                >
                  <span>
                    <b>{one.name}</b> <span className="text-ink-3">{one.kind}</span>
                  </span>
                  <Button isSmall onClick={() => showAgain.mutate(one)}>
                    {text.settings.show}
                  </Button>
                </li>
              ))}
            </ul>
          )
        }
      </Asked>
    </Section>
  )
}
