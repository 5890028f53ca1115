import { Link } from '@tanstack/react-router'

import type { Schema } from '@/api/server'
import { text } from '@/lib/text'
import { Section } from '@/ui/Section'

/** What serves now, in a line. */
export function ModelLine({ taste }: { taste: Schema['Taste'] | undefined }) {
  const live = taste?.live
  return (
    <Section
      title={text.home.model}
      note={taste && (live ? text.home.modelLive(live.version) : text.home.modelNone)}
    >
      <p className="min-h-10">
        {taste?.sentence} {taste && <Link to="/taste">{text.home.howGood}</Link>}
      </p>
    </Section>
  )
}

/** What to do next, once one is no newcomer. */
export function Next({ taste }: { taste: Schema['Taste'] | undefined }) {
  const why = taste?.missing ? text.home.judgeMore(taste.missing) : text.home.judgeAgain
  return (
    <Link to="/triage" className="next">
      <span className="font-divider text-tab">{text.home.next}</span>
      <b>{text.home.judgeTen}</b>
      <span className="font-data text-data">{why}</span>
    </Link>
  )
}
