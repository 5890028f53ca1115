import { useSingleKeys } from '@/lib/keys'
import { text } from '@/lib/text'
import { Section } from '@/ui/Section'
import { Switch } from '@/ui/Switch'

/** Whether single letters do something: who dictates, or slips, may wish that they did not. */
export function Keys() {
  const [areOn, choose] = useSingleKeys()
  const words = text.keys
  return (
    <Section title={words.title} note={areOn ? words.areOn : words.areOff}>
      <p className="mb-3 max-w-prose">{words.why}</p>
      <Switch isOn={areOn} label={words.single} onChange={choose}>
        {words.single}
      </Switch>
    </Section>
  )
}
