import { useQuery } from '@tanstack/react-query'

import type { Schema } from '@/api/server'
import { AllLikes } from '@/features/taste/AllLikes'
import { LearningCurve } from '@/features/taste/LearningCurve'
import { likes, models, taste, useRefit } from '@/features/taste/queries'
import { Reliability } from '@/features/taste/Reliability'
import { SideBySide, Versions } from '@/features/taste/SideBySide'
import { Threshold } from '@/features/taste/Threshold'
import { text } from '@/lib/text'
import { Asked } from '@/ui/Asked'
import { Bones } from '@/ui/Bones'
import { Button } from '@/ui/Button'
import { PageHead } from '@/ui/PageHead'

/** What was learned of what you keep, how good it is, and the way back. */
export function TastePage() {
  const refit = useRefit()
  const asked = useQuery(taste())
  return (
    <>
      <PageHead
        title={text.taste.title}
        note={asked.data && text.taste.told(asked.data.keeps, asked.data.skips)}
        end={
          <Button isBusy={refit.isPending} onClick={() => refit.mutate()}>
            {text.taste.refit}
          </Button>
        }
      />
      <Asked query={asked} meanwhile={<Bones lines={12} />}>
        {(now) => <Learned taste={now} />}
      </Asked>
    </>
  )
}

function Learned({ taste: now }: { taste: Schema['Taste'] }) {
  const found = useQuery(models())
  const all = found.data?.models ?? []
  const shown = all.find((model) => model.is_live) ?? all[0]
  return (
    <>
      <div className="mb-6 grid gap-1 text-lead">
        <p>{now.sentence}</p>
        {now.missing ? (
          <p className="text-ink-2">{text.triage.missing(now.missing)}</p>
        ) : (
          <p className="text-ink-2">
            {now.next_refit_in > 0 ? text.triage.refitIn(now.next_refit_in) : text.triage.refitDue}
          </p>
        )}
        {now.refused.map((sentence) => (
          <p key={sentence} role="alert" className="text-bad">
            {sentence}
          </p>
        ))}
      </div>
      <div className="grid gap-8 desk:grid-cols-3 desk:gap-10">
        <Asked query={useQuery(likes())} meanwhile={<Bones lines={8} />}>
          {(answer) => <AllLikes likes={answer} taste={now} />}
        </Asked>
        <Asked query={found} meanwhile={<Bones lines={8} />}>
          {() => <LearningCurve models={all} />}
        </Asked>
        <Asked query={found} meanwhile={<Bones lines={8} />}>
          {() => <Reliability model={shown} />}
        </Asked>
      </div>
      <div className="mt-8 grid gap-8 desk:grid-cols-2 desk:gap-10">
        <Threshold taste={now} />
        <div className="grid content-start gap-8">
          <SideBySide taste={now} models={all} />
          <Versions taste={now} models={all} />
        </div>
      </div>
    </>
  )
}
