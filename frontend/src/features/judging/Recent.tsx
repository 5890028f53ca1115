import { text } from '@/lib/text'
import { Section } from '@/ui/Section'
import { VerdictMark } from '@/ui/VerdictMark'

import type { Judged } from './outbox'

const SHOWN = 5

/** The verdicts given last, the newest first. */
export function Recent({ recent, waiting }: { recent: readonly Judged[]; waiting: number }) {
  return (
    <Section title={text.verdicts.recent} note={text.verdicts.recentNote}>
      {waiting > 0 && (
        <p role="status" className="mb-2 border-l-4 border-skip bg-well px-3 py-2">
          {text.verdicts.waiting(waiting)}
        </p>
      )}
      {recent.length === 0 && <p className="text-ink-2">{text.verdicts.noneYet}</p>}
      <ol className="font-data text-data">
        {recent.slice(0, SHOWN).map((one) => (
          <li key={one.key} className="flex items-center gap-2 border-b border-rule py-1.5">
            <VerdictMark verdict={one.verdict} />
            <span className="truncate">{one.name}</span>
          </li>
        ))}
      </ol>
    </Section>
  )
}
