import { queryOptions, useMutation, useQuery, useQueryClient } from '@tanstack/react-query'

import { answer, type Schema, server } from '@/api/server'
import { ago } from '@/lib/format'
import { text } from '@/lib/text'
import { toast } from '@/lib/toasts'
import { Asked } from '@/ui/Asked'
import { Bones } from '@/ui/Bones'
import { Section } from '@/ui/Section'
import { Switch } from '@/ui/Switch'

const STEPS = [15, 30, 60, 180, 360, 720, 1_440, 2_880, 10_080, 43_200] // minutes

const schedules = () =>
  queryOptions({ queryKey: ['schedules'], queryFn: () => answer(server.GET('/api/v1/schedules')) })

/** What is done by itself, and how often. */
export function Schedules() {
  const client = useQueryClient()
  const change = useMutation({
    mutationFn: ({ one, ...body }: Schema['ScheduleChange'] & { one: Schema['Schedule'] }) =>
      answer(
        server.PUT('/api/v1/schedules/{kind}', {
          params: { path: { kind: one.kind }, query: one.seller === null ? {} : { seller: one.seller } },
          body,
        }),
      ),
    onSuccess: () => client.invalidateQueries({ queryKey: ['schedules'] }),
    onError: (error) => toast(error.message),
  })
  return (
    <Section title={text.schedules.title} note={text.schedules.note}>
      <Asked query={useQuery(schedules())} meanwhile={<Bones lines={5} />}>
        {(found) => (
          <ul>
            {found.schedules.map((one) => (
              <Row
                key={`${one.kind} ${one.seller ?? ''}`}
                one={one}
                onChange={(body) => change.mutate({ one, ...body })}
              />
            ))}
          </ul>
        )}
      </Asked>
    </Section>
  )
}

interface RowProps {
  one: Schema['Schedule']
  onChange: (change: Schema['ScheduleChange']) => void
}

function Row({ one, onChange }: RowProps) {
  const words = text.schedules
  const name = one.seller === null ? one.purpose : `${one.purpose} (${one.seller})`
  const choices = [...new Set([...STEPS.filter((step) => step >= one.least_minutes), one.every_minutes])].sort(
    (a, b) => a - b,
  )
  return (
    <li className="grid grid-cols-[minmax(0,1fr)_9rem_auto] items-center gap-3 border-b border-rule py-2 max-tablet:grid-cols-[minmax(0,1fr)_auto]">
      <span className="max-tablet:col-span-full">
        {name}
        <span className="note block">
          {one.last_at ? words.last(ago(one.last_at)) : words.never}
          {one.next_at && ` · ${words.next(one.next_at)}`}
        </span>
      </span>
      <select
        className="field"
        aria-label={words.often(name)}
        value={one.every_minutes}
        disabled={!one.may_change || !one.is_on}
        onChange={(event) => onChange({ every_minutes: Number(event.target.value) })}
      >
        {choices.map((minutes) => (
          <option key={minutes} value={minutes}>
            {words.every(minutes)}
          </option>
        ))}
      </select>
      {one.may_change ? (
        <Switch isOn={one.is_on} label={name} onChange={(isOn) => onChange({ is_on: isOn })}>
          {one.is_on ? words.on : words.off}
        </Switch>
      ) : (
        <span className="note">{one.is_on ? words.on : words.off}</span>
      )}
    </li>
  )
}
