import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { type SubmitEvent, useState } from 'react'

import { answer, type Schema, server } from '@/api/server'
import { text } from '@/lib/text'
import { toast } from '@/lib/toasts'
import { Asked } from '@/ui/Asked'
import { Bones } from '@/ui/Bones'
import { Button } from '@/ui/Button'
import { Field } from '@/ui/Field'
import { Section } from '@/ui/Section'

import { keeper } from './queries'

const GRADES = ['M', 'NM', 'VG+', 'VG', 'G+', 'G', 'F', 'P']

/** What is marked as worth a look, until a model has learned. */
export function Keeper() {
  return (
    <Section title={text.settings.keeper} note={text.settings.keeperNote}>
      <Asked query={useQuery(keeper())} meanwhile={<Bones lines={4} />}>
        {(preset) => <Rule key={preset.sentence} preset={preset} />}
      </Asked>
    </Section>
  )
}

function Rule({ preset }: { preset: Schema['Preset'] }) {
  const words = text.settings
  const { rule } = preset
  const [formats, setFormats] = useState(rule.format_holds.join(', '))
  const [grade, setGrade] = useState(rule.media_grade_at_least ?? '')
  const [isWanted, setIsWanted] = useState(rule.wants_over_haves)
  const client = useQueryClient()
  const saved = (after: Schema['Preset']) => {
    client.setQueryData(keeper().queryKey, after)
    toast(words.saved)
    return client.invalidateQueries({ queryKey: ['listings'] })
  }
  const save = useMutation({
    mutationFn: (body: Schema['KeeperTerms']) => answer(server.PUT('/api/v1/presets/keeper', { body })),
    onSuccess: saved,
  })
  const reset = useMutation({
    mutationFn: () => answer(server.DELETE('/api/v1/presets/keeper')),
    onSuccess: saved,
  })
  const send = (event: SubmitEvent) => {
    event.preventDefault()
    save.mutate({
      format_holds: formats.split(',').map((one) => one.trim()).filter(Boolean),
      media_grade_at_least: grade || null,
      wants_over_haves: isWanted,
    })
  }
  return (
    <form onSubmit={send} className="grid max-w-md gap-3">
      <p>{preset.sentence}</p>
      <Field label={words.formats} value={formats} onChange={(event) => setFormats(event.target.value)} fault={save.error?.message} />
      <label>
        <span className="mb-1 block text-note text-ink-2">{words.grade}</span>
        <select className="field" value={grade} onChange={(event) => setGrade(event.target.value)}>
          <option value="">{words.anyGrade}</option>
          {GRADES.map((one) => (
            <option key={one}>{one}</option>
          ))}
        </select>
      </label>
      <label className="flex min-h-6 items-center gap-2">
        <input type="checkbox" className="size-4" checked={isWanted} onChange={(event) => setIsWanted(event.target.checked)} />
        {words.wantsOverHaves}
      </label>
      <div className="flex gap-2">
        <Button type="submit" isBusy={save.isPending}>
          {words.saveRule}
        </Button>
        {!preset.is_shipped && (
          <Button kind="bare" isBusy={reset.isPending} onClick={() => reset.mutate()}>
            {words.asShipped}
          </Button>
        )}
      </div>
    </form>
  )
}
