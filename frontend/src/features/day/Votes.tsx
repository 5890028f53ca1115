import { useRef, useState } from 'react'

import { ago } from '@/lib/format'
import { useKeys } from '@/lib/keys'
import { text } from '@/lib/text'
import { Button } from '@/ui/Button'
import { Choice } from '@/ui/Choice'

import { type Pick, useVote } from './queries'

type Mark = '1' | '2' | '3' | '4' | '5'
const MARKS: readonly Mark[] = ['1', '2', '3', '4', '5']
const OPTIONS = Object.fromEntries(MARKS.map((mark) => [mark, mark])) as Record<Mark, string>

/** Two questions from 1 to 5; what they moved is told at once. */
export function Votes({ pick }: { pick: Pick }) {
  const [wanting, setWanting] = useState<Mark | null>(null)
  const [newness, setNewness] = useState<Mark | null>(null)
  const button = useRef<HTMLDivElement>(null)
  const vote = useVote(pick.id)
  const words = text.day
  const isReady = wanting !== null && newness !== null
  const send = () => {
    if (!isReady) return
    const clear = () => {
      setWanting(null)
      setNewness(null)
    }
    vote.mutate({ desirability: Number(wanting), novelty: Number(newness) }, { onSuccess: clear })
  }
  /** The first digit says how wanted, the second how new; then Enter. */
  const press = (mark: Mark) => {
    if (wanting === null || isReady) {
      setWanting(mark)
      setNewness(null)
    } else {
      setNewness(mark)
    }
  }
  useKeys({
    ...Object.fromEntries(MARKS.map((mark) => [mark, () => press(mark)])),
    // What has the focus is pressed by Enter itself.
    Enter: () => isReady && !document.activeElement?.closest('a, button, summary') && (send(), true),
  })
  return (
    <div className="grid gap-3" ref={button}>
      <div className="flex flex-wrap gap-x-8 gap-y-3">
        <Question name={words.wanting} hint={words.wantingHint} mark={wanting} onMark={setWanting} />
        <Question name={words.newness} hint={words.newnessHint} mark={newness} onMark={setNewness} />
      </div>
      <div className="flex items-center gap-3">
        <Button kind="main" keyName="Enter" disabled={!isReady} isBusy={vote.isPending} onClick={send}>
          {words.vote}
        </Button>
        <span className="note">{words.voteKeys}</span>
      </div>
      {vote.error && (
        <p role="alert" className="text-bad">
          {vote.error.message}
        </p>
      )}
      <p role="status" className="min-h-5">
        {vote.data &&
          words.moved(
            vote.data.before.temperature,
            vote.data.after.temperature,
            vote.data.before.novelty,
            vote.data.after.novelty,
          )}
      </p>
      {pick.votes.length > 0 && (
        <ul className="font-data text-data text-ink-2" aria-label={words.votes}>
          {pick.votes.map((one) => (
            <li key={one.voted_at}>{words.voted(one.desirability, one.novelty, ago(one.voted_at))}</li>
          ))}
        </ul>
      )}
    </div>
  )
}

interface QuestionProps {
  name: string
  hint: string
  mark: Mark | null
  onMark: (mark: Mark) => void
}

function Question({ name, hint, mark, onMark }: QuestionProps) {
  return (
    <div>
      <p className="font-semibold" aria-hidden="true">
        {name}
      </p>
      <p className="note mb-1 max-w-52">{hint}</p>
      <Choice label={name} options={OPTIONS} chosen={mark} onChoose={onMark} />
    </div>
  )
}
