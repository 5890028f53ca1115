import { useQuery } from '@tanstack/react-query'
import { Link, useNavigate } from '@tanstack/react-router'
import { type ReactNode, useState } from 'react'

import type { Schema } from '@/api/server'
import { FollowForm } from '@/features/sellers/FollowForm'
import { sellers } from '@/features/sellers/queries'
import { connection } from '@/features/settings/connection'
import { settings } from '@/features/settings/queries'
import { text } from '@/lib/text'
import { Button } from '@/ui/Button'
import { Section } from '@/ui/Section'

import { MoneyStep } from './MoneyStep'
import { useTold } from './told'

const ENOUGH = 10 // verdicts; from then on nobody is a newcomer

interface Step {
  name: string
  isDone: boolean
  /** What came of it. */
  done: string
  how: ReactNode
}

interface FirstStepsProps {
  home: Schema['Home']
  taste: Schema['Taste']
}

/** Whether somebody has still to be shown how to begin. */
export const isNew = ({ home, taste }: FirstStepsProps) =>
  home.counts.listings === 0 || taste.keeps + taste.skips < ENOUGH

/** What a newcomer does, in order; the first that is not done yet stands open. */
export function FirstSteps(known: FirstStepsProps) {
  const steps = useSteps(known)
  const [chosen, setChosen] = useState<string>()
  const next = steps.find((step) => !step.isDone)
  const open = steps.find((step) => step.name === chosen) ?? next
  const done = steps.filter((step) => step.isDone).length
  return (
    <Section title={text.first.title} note={text.first.note(done, steps.length)} className="mb-7">
      <ol className="steps">
        {steps.map((step, at) => (
          <li key={step.name} data-done={step.isDone} data-open={step === open}>
            <span className="number" aria-hidden="true">
              {step.isDone ? '✓' : at + 1}
            </span>
            <div className="min-w-0">
              <h3 className="text-tab">
                <button
                  type="button"
                  className="text-left"
                  aria-expanded={step === open}
                  onClick={() => setChosen(step.name)}
                >
                  {step.name}
                  {step.isDone && <span className="sr-only">{`, ${text.first.done}`}</span>}
                </button>
              </h3>
              {step.isDone && <p className="font-data text-data text-ink-2">{step.done}</p>}
              {step === open && <div className="mt-2">{step.how}</div>}
            </div>
          </li>
        ))}
      </ol>
    </Section>
  )
}

function useSteps({ home, taste }: FirstStepsProps): Step[] {
  const { data: now } = useQuery(settings())
  const [isMoneyTold, tellMoney] = useTold('money')
  const [isLater, tellLater] = useTold('connect')
  const { data: connected } = useQuery(connection())
  const isConnected = connected ? connected.is_told || connected.username !== null : false
  const { counts, limit } = home
  const verdicts = taste.keeps + taste.skips
  return [
    {
      name: text.first.money,
      isDone: isMoneyTold,
      done: now ? text.first.moneyNow(now.currency, now.country) : '',
      how: now && <MoneyStep now={now} onTold={tellMoney} />,
    },
    {
      name: text.first.connect,
      isDone: isConnected || isLater,
      done: text.first.connected(limit),
      how: <Connect limit={limit} onLater={isConnected ? undefined : tellLater} />,
    },
    {
      name: text.first.follow,
      isDone: counts.listings > 0,
      done: text.first.followed(counts.sellers, counts.listings),
      how: <Follow />,
    },
    {
      name: text.first.judge,
      isDone: verdicts >= ENOUGH,
      done: text.first.judged(verdicts),
      how: (
        <>
          <p className="mb-3 max-w-prose">{text.first.judgeWhy}</p>
          <Link to="/triage" className="button main">
            {text.first.judgeDo}
          </Link>
        </>
      ),
    },
  ]
}

function Connect({ limit, onLater }: { limit: number; onLater: (() => void) | undefined }) {
  return (
    <>
      <p className="mb-3 max-w-prose">{text.first.connectWhy(limit)}</p>
      <p className="flex gap-2">
        <Link to="/settings" className="button main">
          {text.first.connectDo}
        </Link>
        {onLater && <Button onClick={onLater}>{text.first.later}</Button>}
      </p>
    </>
  )
}

/** Follow somebody; whoever is followed and not read yet is the way on. */
function Follow() {
  const navigate = useNavigate()
  const { data } = useQuery(sellers())
  const open = (name: string) => void navigate({ to: '/sellers/$name', params: { name } })
  return (
    <>
      <p className="mb-3 max-w-prose">{text.first.followWhy}</p>
      <FollowForm onFollowed={open} />
      {data?.sellers
        .filter((seller) => seller.for_sale === 0)
        .map(({ seller }) => (
          <Button key={seller} className="mt-3" onClick={() => open(seller)}>
            {text.first.read(seller)}
          </Button>
        ))}
    </>
  )
}
