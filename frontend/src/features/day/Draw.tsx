import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'

import type { Schema } from '@/api/server'
import { count } from '@/lib/format'
import { text } from '@/lib/text'
import { Asked } from '@/ui/Asked'
import { Facts } from '@/ui/Facts'
import { AsTable } from '@/ui/plots/AsTable'
import { Landscape } from '@/ui/plots/Landscape'
import { Section } from '@/ui/Section'

import { landscape, type Pick } from './queries'

const IN_TABLE = 50 // candidates, the likeliest

/** What could have been drawn, and what was. */
export function DrawLandscape({ pick }: { pick: Pick }) {
  return (
    <Section title={text.day.landscape} note={text.day.landscapeNote}>
      <Asked query={useQuery(landscape(pick.id))} meanwhile={<div className="h-115" />}>
        {(found) => <Terrain pick={pick} found={found} />}
      </Asked>
    </Section>
  )
}

function Terrain({ pick, found }: { pick: Pick; found: Schema['Landscape'] }) {
  const { points, picked } = found
  const words = text.day
  return (
    <>
      <Landscape
        dots={points.map(({ novelty, utility, probability }) => ({
          x: novelty,
          y: utility,
          chance: probability,
        }))}
        picked={picked}
        slope={pick.temperature}
        label={words.landscapeSaid(points.length, pick.was.title, pick.novelty, pick.utility)}
        axes={{ x: words.noveltyAxis, y: words.utilityAxis }}
        say={(place) => <Said point={points[place]} isPicked={place === picked} />}
      />
      <AsTable
        caption={words.likeliest}
        columns={[words.record, words.utility, words.novelty, words.freeEnergy, words.chance]}
        rows={[...points]
          .sort((a, b) => b.probability - a.probability)
          .slice(0, IN_TABLE)
          .map((point) => [
            <Name key="name" point={point} />,
            point.utility.toFixed(2),
            point.novelty.toFixed(2),
            point.free_energy.toFixed(3),
            words.oneIn(Math.round(1 / point.probability)),
          ])}
      />
    </>
  )
}

function Said({ point, isPicked }: { point: Schema['Point'] | undefined; isPicked: boolean }) {
  if (!point) return null
  const { novelty, utility, probability } = point
  return (
    <>
      <Name point={point} />
      {`: ${text.day.said(novelty, utility, Math.round(1 / Math.max(probability, 1e-9)))}`}
      {isPicked && ` ${text.day.wasDrawn}`}
    </>
  )
}

function Name({ point }: { point: Schema['Point'] }) {
  if (!point.title) return <span className="text-ink-3">{text.day.deleted}</span>
  return (
    <Link to="/listings/$id" params={{ id: String(point.listing_id) }}>
      <b>{point.artist}</b> {point.title}
    </Link>
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
          [words.novelty, `${pick.novelty.toFixed(2)}${words.byVotes(pick.novelty_moved)}`],
          [words.temperature, `${pick.temperature.toFixed(2)}${words.byVotes(pick.temperature_moved)}`],
          [words.freeEnergy, pick.free_energy.toFixed(3)],
          [words.method, words.methods[pick.method] ?? pick.method],
          [words.seed, pick.seed],
        ]}
      />
    </Section>
  )
}
