import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useNavigate, useSearch } from '@tanstack/react-router'
import { useState } from 'react'

import type { Schema } from '@/api/server'
import { Recent } from '@/features/judging/Recent'
import { useJudging } from '@/features/judging/useJudging'
import { useListening } from '@/features/listening/useListening'
import { NoStock } from '@/features/sellers/NoStock'
import { HideDialog } from '@/features/triage/HideDialog'
import { Learned } from '@/features/triage/Learned'
import { batch, type Shown } from '@/features/triage/queries'
import { Table } from '@/features/triage/Table'
import { useWant } from '@/features/wants/useWant'
import { useKeys } from '@/lib/keys'
import { text } from '@/lib/text'
import { Asked } from '@/ui/Asked'
import { Button } from '@/ui/Button'
import { Choice } from '@/ui/Choice'
import { PageHead } from '@/ui/PageHead'
import { RecordBones } from '@/ui/RecordBones'

import { AsList } from './AsList'
import { OneByOne } from './OneByOne'
import { useTable } from './useTable'
import { VerdictBar } from './VerdictBar'

/** Keep it or skip it, without the mouse: one at a time, or ten in a list. */
export function TriagePage() {
  const asked = useQuery(batch())
  return (
    <Asked
      query={asked}
      meanwhile={
        <>
          <PageHead title={text.tabs.triage} note={text.triage.note} />
          <RecordBones />
        </>
      }
    >
      {(found) => {
        const [first] = found.shown
        return first ? (
          // Ten more begin at the first of them.
          <Ten key={first.listing.id} found={found} first={first} />
        ) : (
          <>
            <PageHead title={text.tabs.triage} />
            <NoStock title={text.triage.empty}>{text.triage.emptyWhy}</NoStock>
          </>
        )
      }}
    </Asked>
  )
}

function Ten({ found, first }: { found: Schema['Batch']; first: Shown }) {
  const client = useQueryClient()
  const { as = 'one' } = useSearch({ from: '/triage' })
  const navigate = useNavigate({ from: '/triage' })
  const judging = useJudging()
  const { verdicts, recent, waiting } = judging
  const table = useTable(found.shown, judging)
  const { listing } = table.current ?? first
  const listening = useListening(listing.release_id)
  const { want, added } = useWant()
  const [isHiding, setIsHiding] = useState(false)
  const show = (next: 'one' | 'list') =>
    void navigate({ search: next === 'list' ? { as: 'list' } : {}, replace: true })
  const more = async () => {
    await client.resetQueries({ queryKey: ['triage'] })
    await client.invalidateQueries({ queryKey: ['taste'] })
  }
  const isWanted = listing.is_wanted || added.has(listing.release_id)
  const deeds = {
    skip: () => table.judge('skip'),
    keep: () => table.judge('keep'),
    undo: table.undo,
    listen: listening.toggle,
    want: () => want(listing),
    hide: () => setIsHiding(true),
  }
  const forward = () => table.go(table.place + 1)
  const back = () => table.go(table.place - 1)
  useKeys({
    k: deeds.keep,
    s: deeds.skip,
    u: deeds.undo,
    // On a button that has the focus, the space bar presses it.
    ' ': () => !document.activeElement?.closest('button, a, summary') && (deeds.listen(), true),
    w: deeds.want,
    h: deeds.hide,
    v: () => show(as === 'one' ? 'list' : 'one'),
    n: forward,
    p: back,
    ArrowRight: forward,
    ArrowDown: () => (as === 'list' ? forward() : false),
    ArrowLeft: back,
    ArrowUp: () => (as === 'list' ? back() : false),
  })

  return (
    <>
      <PageHead
        title={text.tabs.triage}
        note={text.triage.note}
        end={
          <>
            {as === 'one' && (
              <Table shown={found.shown} place={table.place} verdicts={verdicts} onGo={table.go} />
            )}
            <Choice
              label={text.triage.as}
              options={text.triage.ways}
              chosen={as}
              onChoose={show}
            />
          </>
        }
      />
      {table.isDone && (
        <div className="mb-5 flex flex-wrap items-center gap-3 border-l-4 border-keep bg-well px-3 py-2">
          <b>{text.triage.all}</b> {text.triage.allWhy}
          {/* What was just judged must be written before the server chooses anew. */}
          <Button kind="main" disabled={waiting > 0} onClick={() => void more()}>
            {text.triage.more}
          </Button>
        </div>
      )}
      {as === 'one' ? (
        <OneByOne current={table.current ?? first} listening={listening} onJudge={(verdict) => table.judge(verdict)} />
      ) : (
        <AsList shown={found.shown} table={table} verdicts={verdicts} />
      )}
      <VerdictBar
        verdict={verdicts.get(listing.id)}
        deeds={deeds}
        undoable={recent[0]?.name}
        listening={listening}
        isWanted={isWanted}
      />
      <div className="mt-7 grid gap-7 desk:grid-cols-2 desk:gap-11">
        <Learned keeps={found.keeps} skips={found.skips} left={found.left} />
        <Recent recent={recent} waiting={waiting} />
      </div>
      {isHiding && (
        <HideDialog
          listing={listing}
          onClose={() => setIsHiding(false)}
          onHide={(what) => {
            setIsHiding(false)
            table.hide(what)
          }}
        />
      )}
    </>
  )
}
