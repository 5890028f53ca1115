import { useQuery } from '@tanstack/react-query'
import { useId, useState } from 'react'

import { text } from '@/lib/text'
import { Asked } from '@/ui/Asked'
import { Bones } from '@/ui/Bones'
import { Button } from '@/ui/Button'
import { Section } from '@/ui/Section'

import { PresetForm } from './PresetForm'
import { type Preset, presets, useForgetPreset, useUse } from './presets'

const NEW = '' // no rule is called so

/** What is marked as worth a look: rules under names, of which one marks. */
export function Presets() {
  return (
    <Section title={text.presets.title} note={text.presets.note}>
      <Asked query={useQuery(presets())} meanwhile={<Bones lines={4} />}>
        {(found) => <Rules rules={found.presets} />}
      </Asked>
    </Section>
  )
}

function Rules({ rules }: { rules: readonly Preset[] }) {
  const [edited, setEdited] = useState<string>()
  const group = useId()
  const use = useUse()
  const leave = () => setEdited(undefined)
  // Chosen at once; the list that is asked anew says the same, or sets it right.
  const [picked, setPicked] = useState<string>()
  const used = picked ?? rules.find((one) => one.is_used)?.name
  const pick = (name: string) => {
    setPicked(name)
    use.mutate(name, { onSettled: () => setPicked(undefined) })
  }
  return (
    <>
      <ul role="radiogroup" aria-label={text.presets.which}>
        {rules.map((one) => (
          <li key={one.name} role="none" className="border-b border-rule py-2">
            <Rule
              preset={one}
              group={group}
              isUsed={one.name === used}
              onUse={() => pick(one.name)}
              onEdit={() => setEdited(one.name)}
            />
            {edited === one.name && <PresetForm key={one.sentence} preset={one} onDone={leave} />}
          </li>
        ))}
      </ul>
      {edited === NEW ? (
        <PresetForm taken={rules.map((one) => one.name)} onDone={leave} />
      ) : (
        <Button isSmall className="mt-3" onClick={() => setEdited(NEW)}>
          {text.presets.another}
        </Button>
      )}
    </>
  )
}

interface RuleProps {
  preset: Preset
  group: string
  isUsed: boolean
  onUse: () => void
  onEdit: () => void
}

function Rule({ preset, group, isUsed, onUse, onEdit }: RuleProps) {
  const words = text.presets
  const forget = useForgetPreset()
  const isFirst = preset.name === FIRST
  return (
    <div className="flex flex-wrap items-center gap-x-3 gap-y-1">
      <label className="flex min-w-0 flex-1 items-baseline gap-2">
        <input type="radio" name={group} className="accent-ink" checked={isUsed} onChange={onUse} />
        <span className="min-w-0">
          <b className="break-words">{isFirst ? words.first : preset.name}</b>
          <span className="note block">{preset.sentence}</span>
        </span>
      </label>
      <Button isSmall aria-label={words.of(words.change, preset.name)} onClick={onEdit}>
        {words.change}
      </Button>
      {!preset.is_shipped && (
        <Button
          isSmall
          aria-label={isFirst ? undefined : words.of(words.forget, preset.name)}
          isBusy={forget.isPending}
          onClick={() => forget.mutate(preset)}
        >
          {isFirst ? words.asShipped : words.forget}
        </Button>
      )}
    </div>
  )
}

const FIRST = 'keeper' // everybody has it
