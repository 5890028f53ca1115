import { useQuery } from '@tanstack/react-query'

import { count } from '@/lib/format'
import { text } from '@/lib/text'
import { Asked } from '@/ui/Asked'
import { Facts } from '@/ui/Facts'
import { Landscape } from '@/ui/plots/Landscape'
import { Section } from '@/ui/Section'

import { landscape, type Pick } from './queries'

/** What could have been drawn, and what was. */
export function DrawLandscape({ pick }: { pick: Pick }) {
  return (
    <Section title={text.day.landscape} note={text.day.landscapeNote}>
      <Asked query={useQuery(landscape(pick.id))} meanwhile={<div className="h-90" />}>
        {({ points, picked }) => (
          <Landscape
            dots={points.map(({ novelty, utility, probability }) => ({
              x: novelty,
              y: utility,
              chance: probability,
            }))}
            picked={picked}
            label={text.day.landscapeSaid(points.length, pick.was.title, pick.novelty, pick.utility)}
            axes={{ x: text.day.novelty, y: text.day.utility }}
          />
        )}
      </Asked>
    </Section>
  )
}

/** Every number of the draw; the same seed gives the same record. */
export function DrawInFull({ pick }: { pick: Pick }) {
  const words = text.day
  const chance = pick.probability > 0 ? words.oneIn(Math.round(1 / pick.probability)) : '–'
  return (
    <Section title={words.inFull} note={words.inFullNote}>
      <Facts
        facts={[
          [words.chance, chance],
          [words.shared, words.sharedBy(Math.round(pick.effective))],
          [words.candidates, count(pick.candidates)],
          [words.utility, pick.utility.toFixed(2)],
          [words.novelty, pick.novelty.toFixed(2)],
          [words.temperature, pick.temperature.toFixed(2)],
          [words.freeEnergy, pick.free_energy.toFixed(3)],
          [words.method, words.methods[pick.method] ?? pick.method],
          [words.seed, pick.seed],
        ]}
      />
      <p className="mt-3 text-ink-2">{words.explained}</p>
    </Section>
  )
}
