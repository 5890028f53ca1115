import { useQuery } from '@tanstack/react-query'

import { odds } from '@/lib/odds'
import { text } from '@/lib/text'
import { SmallLandscape } from '@/ui/plots/Landscape'
import { Section } from '@/ui/Section'

import { landscape, type Pick } from './queries'

const START = 0.5 // where the temperature begins
const [COLDEST, HOTTEST] = [0.1, 1]
const OTHERS = [0.1, 0.3, 1] // temperatures to compare today's with

/** How far the draw may stray: where the number comes from, and what another would do. */
export function Temperature({ pick }: { pick: Pick }) {
  const words = text.day
  const { data } = useQuery(landscape(pick.id))
  const unmoved = pick.temperature / (1 + pick.temperature_moved)
  const parts = [
    [words.start, START.toFixed(2)],
    [words.unjudged, words.plus(unmoved - START)],
    [words.yourVotes, words.plus(pick.temperature - unmoved)],
    [words.today, `= ${pick.temperature.toFixed(2)}`],
  ]
  const shown = [...new Set([...OTHERS, pick.temperature])].sort((a, b) => a - b)
  return (
    <Section title={words.temperatureIs(pick.temperature)} note={words.temperatureNote}>
      <Slot at={(pick.temperature - COLDEST) / (HOTTEST - COLDEST)} />
      <dl className="mt-3 mb-4 flex flex-wrap gap-x-8 gap-y-2 border-b border-rule pb-3">
        {parts.map(([name, figure]) => (
          <div key={name}>
            <dt className="note max-w-32">{name}</dt>
            <dd className="font-divider text-head">{figure}</dd>
          </div>
        ))}
      </dl>
      <div className="grid min-h-28 grid-cols-2 gap-3 tablet:grid-cols-4">
        {data &&
          shown.map((temperature) => {
            const chances = odds(data.points, temperature, data.boltzmann)
            const isToday = temperature === pick.temperature
            return (
              <figure key={temperature} className={isToday ? 'outline-2 outline-offset-2 outline-(--ink)' : ''}>
                <SmallLandscape
                  dots={data.points.map(({ novelty, utility }, at) => ({
                    x: novelty,
                    y: utility,
                    chance: chances[at] ?? 0,
                  }))}
                />
                <figcaption className="mt-1 font-data text-note">
                  <b>{`T ${temperature.toFixed(2)}`}</b>{' '}
                  {isToday ? words.today : words.wouldBe(sharing(chances))}
                </figcaption>
              </figure>
            )
          })}
      </div>
      <p className="mt-3 text-ink-2">{words.explained}</p>
    </Section>
  )
}

/** How many candidates share a draw: exp of the entropy of their chances. */
function sharing(chances: readonly number[]): number {
  return Math.exp(-chances.reduce((sum, one) => sum + (one > 0 ? one * Math.log(one) : 0), 0))
}

/** A fader that nobody moves: where the temperature stands between cold and hot. */
function Slot({ at }: { at: number }) {
  return (
    <div>
      <div className="slot" aria-hidden="true">
        <svg viewBox="0 0 1000 30" preserveAspectRatio="none" className="h-7 w-full">
          <rect y="11" width="1000" height="6" rx="3" fill="var(--ink)" />
          <rect x={at * 984} y="2" width="16" height="24" rx="2" fill="var(--card)" stroke="var(--ink)" />
          <line x1={at * 984 + 8} x2={at * 984 + 8} y1="4" y2="24" stroke="var(--ink)" strokeWidth="2" />
        </svg>
      </div>
      <div className="note flex justify-between">
        <span>{text.day.coldest}</span>
        <span>{text.day.hottest}</span>
      </div>
    </div>
  )
}
