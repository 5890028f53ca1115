import { useCovers } from '@/lib/covers'
import { text } from '@/lib/text'
import { Section } from '@/ui/Section'
import { Switch } from '@/ui/Switch'

/** Whether real covers are shown; until somebody says so, none is asked for. */
export function Covers() {
  const [isOn, choose] = useCovers()
  const words = text.settings
  return (
    <Section title={words.covers} note={isOn ? words.coversOn : words.coversOff}>
      <p className="mb-3 max-w-prose">{words.coversWhy}</p>
      <Switch isOn={isOn} label={words.coversLabel} onChange={choose}>
        {words.coversLabel}
      </Switch>
    </Section>
  )
}
