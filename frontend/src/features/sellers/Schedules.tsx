import { useQuery } from '@tanstack/react-query'

import { count, moment } from '@/lib/format'
import { text } from '@/lib/text'
import { Asked } from '@/ui/Asked'
import { Bones } from '@/ui/Bones'
import { Section } from '@/ui/Section'
import { Switch } from '@/ui/Switch'

import { type Schedule, schedulesOf, useReschedule } from './schedules'

const HOUR = 60
const DAY = 24 * HOUR
const CHOICES = [HOUR, 6 * HOUR, 12 * HOUR, DAY, 3 * DAY, 7 * DAY, 30 * DAY] // minutes

/** How often this seller is looked at by itself, and in full. */
export function Schedules({ seller }: { seller: string }) {
  return (
    <Section title={text.looks.title} note={text.looks.note}>
      <Asked query={useQuery(schedulesOf(seller))} meanwhile={<Bones lines={2} height="h-14" />}>
        {({ schedules }) => (
          <ul>
            {schedules.map((one) => (
              <Line key={one.kind} seller={seller} schedule={one} />
            ))}
          </ul>
        )}
      </Asked>
    </Section>
  )
}

function Line({ seller, schedule }: { seller: string; schedule: Schedule }) {
  const change = useReschedule(seller, schedule)
  const { kind, every_minutes: every, least_minutes: least, is_on: isOn, next_at: next } = schedule
  const name = text.looks.kinds[kind] ?? kind
  const choices = [...new Set([...CHOICES.filter((minutes) => minutes >= least), every])].sort(
    (one, other) => one - other,
  )
  return (
    <li className="flex flex-wrap items-center gap-x-3 border-b border-rule py-2">
      <span className="min-w-0 flex-1 font-semibold">{name}</span>
      <select
        className="field w-auto!"
        aria-label={text.looks.often(name)}
        value={every}
        disabled={!schedule.may_change || !isOn}
        onChange={(event) => change.mutate({ every_minutes: Number(event.target.value) })}
      >
        {choices.map((minutes) => (
          <option key={minutes} value={minutes}>
            {minutes === DAY ? text.looks.daily : text.looks.every(said(minutes))}
          </option>
        ))}
      </select>
      <Switch
        isOn={isOn}
        label={text.looks.on(name)}
        onChange={(on) => change.mutate({ is_on: on })}
      >
        {''}
      </Switch>
      <span className="w-full font-data text-data text-ink-3">
        {isOn && next ? text.looks.next(moment(next)) : text.looks.off}
      </span>
    </li>
  )
}

/** A span of minutes in its largest whole unit. */
function said(minutes: number): string {
  const [size, unit] = minutes % DAY === 0 ? [DAY, 'd'] : minutes % HOUR === 0 ? [HOUR, 'h'] : [1, 'min']
  return `${count(minutes / size)} ${unit}`
}
