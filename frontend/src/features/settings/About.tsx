import type { Schema } from '@/api/server'
import { text } from '@/lib/text'
import { Facts } from '@/ui/Facts'
import { Section } from '@/ui/Section'

/** Everything that is yours, in one file. */
export function YourData() {
  return (
    <Section title={text.settings.data}>
      <p className="mb-3">{text.settings.dataWhy}</p>
      <a className="button" href="/api/v1/export/everything" download>
        {text.settings.exportAll}
      </a>
    </Section>
  )
}

/** What this is, by whom it is not, and what it is made with. */
export function About({ now }: { now: Schema['SettingsNow'] }) {
  const words = text.settings
  return (
    <Section title={words.about}>
      <Facts
        facts={[
          [words.version, now.version],
          [words.database, now.database],
          [words.quota, words.aMinute(now.requests_a_minute)],
        ]}
      />
      {now.is_simulated && <p className="mt-2 font-semibold">{words.simulated}</p>}
      <div className="mt-3 grid gap-2 text-ink-2">
        <p>{text.notices.affiliation}</p>
        <p>{words.licences}</p>
      </div>
    </Section>
  )
}
