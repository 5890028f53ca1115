import { type SubmitEvent, useState } from 'react'

import { text } from '@/lib/text'
import { Button } from '@/ui/Button'
import { Field } from '@/ui/Field'

import { type Preset, type Terms, useKeep } from './presets'

const GRADES = ['M', 'NM', 'VG+', 'VG', 'G+', 'G', 'F', 'P']
const ANY: Terms = { format_holds: [], media_grade_at_least: null, wants_over_haves: true }

interface PresetFormProps {
  /** The rule to change; without one another is made. */
  preset?: Preset
  /** Names that are given already. */
  taken?: readonly string[]
  onDone: () => void
}

/** What a rule asks of a listing; all of it must hold. */
export function PresetForm({ preset, taken = [], onDone }: PresetFormProps) {
  const words = text.presets
  const before = preset?.rule ?? ANY
  const [name, setName] = useState(preset?.name ?? '')
  const [formats, setFormats] = useState(before.format_holds.join(', '))
  const [grade, setGrade] = useState(before.media_grade_at_least ?? '')
  const [isWanted, setIsWanted] = useState(before.wants_over_haves)
  const keep = useKeep(onDone)
  const isTaken = taken.includes(name.trim())
  const send = (event: SubmitEvent) => {
    event.preventDefault()
    if (isTaken) return
    const rule = {
      format_holds: formats.split(',').map((one) => one.trim()).filter(Boolean),
      media_grade_at_least: grade || null,
      wants_over_haves: isWanted,
    }
    keep.mutate({ name: name.trim(), rule })
  }
  return (
    <form onSubmit={send} className="mt-3 grid max-w-md gap-3">
      {!preset && (
        <Field
          label={words.name}
          value={name}
          onChange={(event) => setName(event.target.value)}
          fault={isTaken ? words.taken(name.trim()) : undefined}
          required
          maxLength={60}
          pattern=".*\S.*"
        />
      )}
      <Field
        label={words.formats}
        value={formats}
        onChange={(event) => setFormats(event.target.value)}
        fault={keep.error?.message}
      />
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
        <input
          type="checkbox"
          className="size-4 accent-ink"
          checked={isWanted}
          onChange={(event) => setIsWanted(event.target.checked)}
        />
        {words.wantsOverHaves}
      </label>
      <div className="flex gap-2">
        <Button type="submit" isBusy={keep.isPending}>
          {words.save}
        </Button>
        <Button kind="bare" onClick={onDone}>
          {words.leave}
        </Button>
      </div>
    </form>
  )
}
