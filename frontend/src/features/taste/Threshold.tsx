import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useDeferredValue, useState } from 'react'

import type { Schema } from '@/api/server'
import { count, percent } from '@/lib/format'
import { sleeveOf } from '@/lib/sleeve'
import { text } from '@/lib/text'
import { Asked } from '@/ui/Asked'
import { Bones } from '@/ui/Bones'
import { Button } from '@/ui/Button'
import { Section } from '@/ui/Section'
import { Sleeve } from '@/ui/Sleeve'

import { CutCurve } from './CutCurve'
import { around, cuts, useChoice } from './queries'

/** From which chance on something is called a keeper: more finds, or fewer misses. */
export function Threshold({ taste }: { taste: Schema['Taste'] }) {
  return (
    <Section title={text.taste.threshold} note={text.taste.thresholdNote}>
      <Asked query={useQuery(cuts())} meanwhile={<Bones lines={7} />}>
        {(found) => <Slider taste={taste} found={found} />}
      </Asked>
    </Section>
  )
}

function Slider({ taste, found }: { taste: Schema['Taste']; found: Schema['Cuts'] }) {
  const words = text.taste
  const best = found.cuts.reduce<Schema['Cut'] | undefined>((one, cut) => (one && one.f1 >= cut.f1 ? one : cut), undefined)
  const [moved, setMoved] = useState<number | null>(null)
  const kept = taste.threshold ?? taste.live?.threshold ?? best?.threshold ?? 0.5
  const at = Math.round((moved ?? kept) * 100) / 100
  const change = useChoice()
  const here = found.cuts.find((cut) => Math.abs(cut.threshold - at) < 0.005)
  const choose = (threshold: number | null) =>
    change.mutate({ threshold }, { onSuccess: () => setMoved(null) })
  return (
    <div className="grid gap-3">
      {found.cuts.length ? (
        <CutCurve cuts={found.cuts} at={at} />
      ) : (
        <p className="text-ink-2">{words.tooFewPredicted(found.predicted, found.fewest)}</p>
      )}
      <label className="grid gap-1">
        <span className="note">{words.slider}</span>
        <input
          type="range"
          className={`fader ${found.cuts.length ? 'below-plot' : ''}`}
          min={1}
          max={99}
          value={Math.round(at * 100)}
          aria-valuetext={here ? words.atCut(at, here.right, here.found) : percent(at)}
          onChange={(event) => setMoved(Number(event.target.value) / 100)}
        />
      </label>
      {here && <p className="text-lead">{words.atCut(at, here.right, here.found)}</p>}
      <Kept at={at} isLive={taste.live !== null} />
      <div className="flex flex-wrap gap-2">
        <Button kind="main" isBusy={change.isPending} disabled={at === Math.round(kept * 100) / 100} onClick={() => choose(at)}>
          {words.useThreshold(percent(at))}
        </Button>
        {taste.threshold !== null && (
          <Button isBusy={change.isPending} onClick={() => choose(null)}>
            {words.ownThreshold}
          </Button>
        )}
        {best && (
          <Button kind="bare" onClick={() => setMoved(best.threshold)}>
            {words.bestF1(percent(best.threshold))}
          </Button>
        )}
      </div>
      {change.error && (
        <p role="alert" className="text-bad">
          {change.error.message}
        </p>
      )}
    </div>
  )
}

/** How many listings are over the line, and the five on each side of it. */
function Kept({ at, isLive }: { at: number; isLive: boolean }) {
  const line = useDeferredValue(at)
  const { data } = useQuery({ ...around(line), enabled: isLive, placeholderData: (before) => before })
  if (!isLive) return <p className="text-ink-2">{text.taste.noModelYet}</p>
  return (
    <div className="grid min-h-44 content-start gap-2">
      {data && (
        <>
          <p>
            <b>{text.taste.wouldKeep(percent(at), count(data.over.count ?? 0))}</b>
          </p>
          <div className="grid gap-4 tablet:grid-cols-2">
            <Side name={text.taste.over} listings={data.over.listings} />
            <Side name={text.taste.under} listings={data.under.listings} isUnder />
          </div>
        </>
      )}
    </div>
  )
}

function Side({ name, listings, isUnder = false }: { name: string; listings: readonly Schema['Listing'][]; isUnder?: boolean }) {
  return (
    <div>
      <p className="note mb-1">{name}</p>
      <ul className={`grid grid-cols-5 gap-1.5 ${isUnder ? 'is-gone' : ''}`}>
        {listings.map((listing) => (
          <li key={listing.id}>
            <Link
              to="/listings/$id"
              params={{ id: String(listing.id) }}
              aria-label={`${listing.artist}: ${listing.title}`}
              title={`${listing.artist}: ${listing.title}`}
              className="block"
            >
              <Sleeve {...sleeveOf(listing)} />
            </Link>
          </li>
        ))}
      </ul>
    </div>
  )
}
