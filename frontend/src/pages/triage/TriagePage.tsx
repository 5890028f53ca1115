import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'

import type { Schema } from '@/api/server'
import { Recent } from '@/features/judging/Recent'
import { useJudging } from '@/features/judging/useJudging'
import { ListingFacts } from '@/features/listings/ListingFacts'
import { PriceSticker } from '@/features/listings/PriceSticker'
import { WhyKeep } from '@/features/taste/WhyKeep'
import { HideDialog } from '@/features/triage/HideDialog'
import { batch } from '@/features/triage/queries'
import { Table } from '@/features/triage/Table'
import { Why } from '@/features/triage/Why'
import { useKeys } from '@/lib/keys'
import { sleeveOf } from '@/lib/sleeve'
import { useSwipe } from '@/lib/swipe'
import { text } from '@/lib/text'
import { Asked } from '@/ui/Asked'
import { Button } from '@/ui/Button'
import { PageHead } from '@/ui/PageHead'
import { Record } from '@/ui/Record'
import { RecordBones } from '@/ui/RecordBones'
import { Section } from '@/ui/Section'
import { StateBox } from '@/ui/StateBox'

import { VerdictBar } from './VerdictBar'

/** One record at a time: keep it or skip it, without the mouse. */
export function TriagePage() {
  const asked = useQuery(batch())
  return (
    <Asked query={asked} meanwhile={<RecordBones />}>
      {(found) =>
        found.shown.length === 0 ? (
          <>
            <PageHead title={text.tabs.triage} />
            <StateBox title={text.triage.empty}>
              <p>{text.triage.emptyWhy}</p>
            </StateBox>
          </>
        ) : (
          // Ten more begin at the first of them.
          <Ten key={found.shown[0]?.listing.id} found={found} />
        )
      }
    </Asked>
  )
}

function Ten({ found }: { found: Schema['Batch'] }) {
  const client = useQueryClient()
  const judging = useJudging()
  const { verdicts, recent, waiting } = judging
  const [place, setPlace] = useState(0)
  const [isHiding, setIsHiding] = useState(false)
  const last = found.shown.length - 1
  const current = found.shown[Math.min(place, last)]
  const go = (to: number) => setPlace(Math.max(0, Math.min(to, last)))

  const judge = (verdict: 'keep' | 'skip') => {
    if (!current) return
    judging.judge(current.listing, verdict)
    // On to the next that has no verdict yet; nobody waits for the server.
    const next = found.shown.findIndex(
      ({ listing }, at) => at > place && !verdicts.has(listing.id),
    )
    go(next === -1 ? place + 1 : next)
  }
  const undo = () => {
    const undone = judging.undo()
    const back = found.shown.findIndex(({ listing }) => listing.id === undone?.listingId)
    if (back !== -1) go(back)
  }
  const keys = {
    k: () => judge('keep'),
    s: () => judge('skip'),
    u: undo,
    h: () => setIsHiding(true),
    n: () => go(place + 1),
    p: () => go(place - 1),
    ArrowRight: () => go(place + 1),
    ArrowLeft: () => go(place - 1),
  }
  useKeys(keys)
  const swipe = useSwipe({ left: keys.s, right: keys.k })
  if (!current) return null
  const { listing } = current
  const isDone = found.shown.every((one) => verdicts.has(one.listing.id))
  const more = () => client.resetQueries({ queryKey: ['triage'] })

  return (
    <>
      <PageHead
        title={text.tabs.triage}
        note={text.triage.note}
        end={<Table shown={found.shown} place={place} verdicts={verdicts} onGo={go} />}
      />
      {isDone && (
        <div className="mb-5 flex flex-wrap items-center gap-3 border-l-4 border-keep bg-well px-3 py-2">
          <b>{text.triage.all}</b> {text.triage.allWhy}
          {/* What was just judged must be written before the server chooses anew. */}
          <Button kind="main" disabled={waiting > 0} onClick={() => void more()}>
            {text.triage.more}
          </Button>
        </div>
      )}
      <article
        aria-label={`${listing.artist}: ${listing.title}`}
        className="grid touch-pan-y gap-6 tablet:grid-cols-[minmax(0,22rem)_minmax(0,1fr)] desk:grid-cols-[minmax(0,26rem)_minmax(0,1fr)_minmax(0,24rem)] desk:gap-10"
        {...swipe}
      >
        <Record key={listing.id} words={sleeveOf(listing)}>
          <PriceSticker listing={listing} isBig />
        </Record>
        <div className="grid content-start gap-3">
          <div>
            <h2 className="text-title break-words max-tablet:text-head">{listing.title}</h2>
            <p className="text-lead">{listing.artist}</p>
          </div>
          <ListingFacts listing={listing} />
        </div>
        <div className="grid content-start gap-4">
          <Why shown={current} />
          {current.predicted !== null && <WhyKeep key={listing.id} listingId={listing.id} />}
        </div>
      </article>
      <VerdictBar
        verdict={verdicts.get(listing.id)}
        canUndo={recent.length > 0}
        onJudge={judge}
        onUndo={undo}
        onHide={() => setIsHiding(true)}
      />
      <div className="mt-7 grid gap-7 desk:grid-cols-2 desk:gap-11">
        <Section title={text.triage.learned}>
          <p>{text.triage.counts(found.keeps, found.skips)}</p>
          {found.left !== null && <p className="text-ink-2">{text.triage.left(found.left)}</p>}
        </Section>
        <Recent recent={recent} waiting={waiting} />
      </div>
      {isHiding && (
        <HideDialog
          listing={listing}
          onClose={() => setIsHiding(false)}
          onHidden={() => {
            setIsHiding(false)
            judge('skip')
          }}
        />
      )}
    </>
  )
}
