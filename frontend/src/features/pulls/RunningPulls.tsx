import { Link } from '@tanstack/react-router'

import { count } from '@/lib/format'
import { text } from '@/lib/text'
import { Button } from '@/ui/Button'
import { Meter } from '@/ui/Meter'
import { Section } from '@/ui/Section'

import { useCancel } from './deeds'
import type { Pull } from './queries'
import { useWatched } from './watch'
import { facts, standing } from './words'

/** The pulls that wait or run, live. */
export function RunningPulls({ pulls }: { pulls: readonly Pull[] }) {
  return (
    <Section title={text.pulls.title}>
      {pulls.length === 0 && <p className="text-ink-2">{text.pulls.none}</p>}
      <ul className="grid gap-5">
        {pulls.map((pull) => (
          <li key={pull.id}>
            <RunningPull known={pull} />
          </li>
        ))}
      </ul>
    </Section>
  )
}

function RunningPull({ known }: { known: Pull }) {
  const pull = useWatched(known)
  const cancel = useCancel()
  const part = pull.pages_planned ? pull.pages / pull.pages_planned : null
  return (
    <>
      <p className="flex items-baseline justify-between gap-3">
        <Link to="/sellers/$name" params={{ name: pull.seller }} className="font-semibold">
          {pull.seller}
        </Link>
        <span className="font-data text-data">{standing(pull, part)}</span>
      </p>
      <div className="my-2">
        <Meter part={part} label={text.pulls.progress(pull.seller)} />
      </div>
      <p className="font-data text-data text-ink-2">
        {facts(pull).join(' · ')}
      </p>
      <Button
        kind="bare"
        isSmall
        className="-ml-2"
        isBusy={cancel.isPending}
        onClick={() => cancel.mutate(known.id)}
      >
        {text.pulls.cancel}
      </Button>
      <p role="status" className="sr-only">
        {part !== null && text.pulls.said(pull.seller, tenths(part))}
      </p>
    </>
  )
}

/** Told at each tenth only: a reader who listens has other things to hear. */
const tenths = (part: number) => `${count(Math.floor(part * 10) * 10)}\u00a0%`
