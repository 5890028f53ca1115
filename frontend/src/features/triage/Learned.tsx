import { useQuery } from '@tanstack/react-query'

import { percent } from '@/lib/format'
import { text } from '@/lib/text'
import { Meter } from '@/ui/Meter'
import { Section } from '@/ui/Section'

import { wished } from './queries'

const ENOUGH = 20 // keeps, and as many skips, before any model may serve

interface LearnedProps {
  keeps: number
  skips: number
  /** How many may be asked about beside those shown; null: not counted. */
  left: number | null
}

/** How far learning has come, and how many verdicts it still wants. */
export function Learned({ keeps, skips, left }: LearnedProps) {
  const words = text.triage
  const { data: taste } = useQuery(wished())
  const done = Math.min(keeps, ENOUGH) + Math.min(skips, ENOUGH)
  return (
    <Section title={words.learned} note={words.counts(keeps, skips)}>
      <div className="grid min-h-24 content-start gap-2">
        {taste?.missing ? (
          <>
            <Meter part={done / (2 * ENOUGH)} label={words.meter} />
            <p>
              <b>{words.missing(taste.missing)}</b>
            </p>
          </>
        ) : (
          taste && (
            <p>
              <b>{taste.next_refit_in > 0 ? words.refitIn(taste.next_refit_in) : words.refitDue}</b>{' '}
              {taste.sentence}
              {taste.live && ` ${words.cut(percent(taste.threshold ?? taste.live.threshold))}`}
            </p>
          )
        )}
        {left !== null && <p className="text-ink-2">{words.left(left)}</p>}
      </div>
    </Section>
  )
}
