import { useState } from 'react'

import { text } from '@/lib/text'
import { Button } from '@/ui/Button'

import { type Pick, useVote } from './queries'

const MARKS = [1, 2, 3, 4, 5] as const

/** Two questions from 1 to 5; what they moved is told at once. */
export function Votes({ pick }: { pick: Pick }) {
  const [wanting, setWanting] = useState<number | null>(null)
  const [newness, setNewness] = useState<number | null>(null)
  const vote = useVote(pick.id)
  const moved = vote.data
  const send = () => {
    if (wanting === null || newness === null) return
    vote.mutate({ desirability: wanting, novelty: newness })
  }
  return (
    <div className="grid gap-3">
      <Question name={text.day.wanting} hint={text.day.wantingHint} mark={wanting} onMark={setWanting} />
      <Question name={text.day.newness} hint={text.day.newnessHint} mark={newness} onMark={setNewness} />
      <Button
        kind="main"
        className="justify-self-start"
        disabled={wanting === null || newness === null}
        isBusy={vote.isPending}
        onClick={send}
      >
        {text.day.vote}
      </Button>
      {vote.error && (
        <p role="alert" className="text-bad">
          {vote.error.message}
        </p>
      )}
      <p role="status">
        {moved &&
          text.day.moved(moved.before.temperature, moved.after.temperature, moved.before.novelty, moved.after.novelty)}
      </p>
    </div>
  )
}

interface QuestionProps {
  name: string
  hint: string
  mark: number | null
  onMark: (mark: number) => void
}

function Question({ name, hint, mark, onMark }: QuestionProps) {
  return (
    <fieldset>
      <legend className="font-semibold">{name}</legend>
      <p className="note mb-1">{hint}</p>
      <div className="inline-flex overflow-hidden rounded-card border border-edge bg-card">
        {MARKS.map((one) => (
          <label
            key={one}
            className="grid min-h-8 min-w-10 cursor-pointer place-items-center border-rule not-last:border-r has-checked:bg-ink has-checked:text-ink-on-ink has-focus-visible:outline-2 has-focus-visible:-outline-offset-2 has-focus-visible:outline-(--focus) pointer-coarse:min-h-11"
          >
            <input
              type="radio"
              name={name}
              value={one}
              checked={mark === one}
              onChange={() => onMark(one)}
              className="sr-only"
            />
            {one}
          </label>
        ))}
      </div>
    </fieldset>
  )
}
