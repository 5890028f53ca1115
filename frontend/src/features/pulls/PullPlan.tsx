import { useQuery } from '@tanstack/react-query'

import { many, moment } from '@/lib/format'
import { text } from '@/lib/text'
import { Button } from '@/ui/Button'
import { Section } from '@/ui/Section'

import { useEstimate, useStart } from './deeds'
import { type Pull, pullsOf } from './queries'

const PROFILE = 1 // request, for how many are for sale now

/** Read a seller's stock: first what it would cost, then the start. */
export function PullPlan({ seller }: { seller: string }) {
  const estimate = useEstimate()
  const start = useStart()
  const { data: before } = useQuery(pullsOf(seller))
  const stopped = before?.pulls[0]
  const cost = estimate.data
  const error = start.error ?? estimate.error
  return (
    <Section title={text.pulls.plan} note={text.pulls.planNote}>
      {error && (
        <p role="alert" className="mb-3 text-bad">
          {error.message}
        </p>
      )}
      {cost && <p className="mb-3">{cost.sentence}</p>}
      {stopped?.goes_on_until ? (
        <GoOn
          pull={stopped}
          until={stopped.goes_on_until}
          isBusy={start.isPending}
          onGo={() => start.mutate(seller)}
        />
      ) : cost ? (
        <Button
          kind="main"
          cost={text.pulls.cost(cost.requests, cost.minutes)}
          isBusy={start.isPending}
          onClick={() => start.mutate(seller)}
        >
          {text.pulls.start}
        </Button>
      ) : (
        <Button
          kind="main"
          cost={text.pulls.oneRequest}
          isBusy={estimate.isPending}
          onClick={() => estimate.mutate(seller)}
        >
          {text.pulls.ask}
        </Button>
      )}
    </Section>
  )
}

interface GoOnProps {
  pull: Pull
  until: string
  isBusy: boolean
  onGo: () => void
}

/** A pull that was stopped, and goes on where it did. */
function GoOn({ pull: { pages, pages_planned: planned }, until, isBusy, onGo }: GoOnProps) {
  const left = (planned ?? pages) - pages
  return (
    <>
      <p className="mb-3">{text.pulls.stoppedAt(pages, pages + left, moment(until))}</p>
      <Button kind="main" cost={many(left + PROFILE, 'request')} isBusy={isBusy} onClick={onGo}>
        {text.pulls.goOn}
      </Button>
    </>
  )
}
