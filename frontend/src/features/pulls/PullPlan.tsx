import { text } from '@/lib/text'
import { Button } from '@/ui/Button'
import { Section } from '@/ui/Section'

import { useEstimate, useStart } from './deeds'

/** Read a seller's stock: first what it would cost, then the start. */
export function PullPlan({ seller }: { seller: string }) {
  const estimate = useEstimate()
  const start = useStart()
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
      {cost ? (
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
