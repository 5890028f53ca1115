import { useEffect, useRef } from 'react'

import { PriceSticker } from '@/features/listings/PriceSticker'
import { pressing } from '@/features/listings/words'
import type { Shown } from '@/features/triage/queries'
import { percent } from '@/lib/format'
import { sleeveOf } from '@/lib/sleeve'
import { text } from '@/lib/text'
import { Button } from '@/ui/Button'
import { Sleeve } from '@/ui/Sleeve'
import { VerdictMark } from '@/ui/VerdictMark'

import type { Table } from './useTable'

interface AsListProps {
  shown: readonly Shown[]
  table: Table
  verdicts: ReadonlyMap<number, 'keep' | 'skip'>
}

/** All ten at once, a verdict at the end of each row; keys judge the one that is marked. */
export function AsList({ shown, table, verdicts }: AsListProps) {
  const marked = useRef<HTMLLIElement>(null)
  useEffect(() => {
    marked.current?.scrollIntoView({ block: 'nearest' })
  }, [table.place])
  return (
    <ol className="rows" aria-label={text.triage.ten}>
      {shown.map((one, at) => (
        <li
          key={one.listing.id}
          ref={at === table.place ? marked : null}
          aria-current={at === table.place}
          className="triage-row"
          onClick={() => table.go(at)}
        >
          <TriageRow one={one} verdict={verdicts.get(one.listing.id)} isHidden={table.isHidden(one)} />
          <span className="flex justify-end gap-1.5">
            {(['skip', 'keep'] as const).map((verdict) => (
              <Button
                key={verdict}
                isSmall
                kind={verdict}
                aria-pressed={verdicts.get(one.listing.id) === verdict}
                onClick={(event) => {
                  event.stopPropagation()
                  table.judge(verdict, at)
                }}
              >
                {text.verdicts[verdict]}
                <span className="sr-only">{`: ${one.listing.artist}, ${one.listing.title}`}</span>
              </Button>
            ))}
          </span>
        </li>
      ))}
    </ol>
  )
}

interface TriageRowProps {
  one: Shown
  verdict: 'keep' | 'skip' | undefined
  isHidden: boolean
}

function TriageRow({ one: { listing, predicted, because }, verdict, isHidden }: TriageRowProps) {
  return (
    <>
      <Sleeve {...sleeveOf(listing)} />
      <div className={`min-w-0 ${isHidden ? 'line-through opacity-75' : ''}`}>
        <p className="flex items-center gap-2">
          <VerdictMark verdict={verdict} />
          <span className="truncate">
            <b>{listing.artist}</b> {listing.title}
          </span>
        </p>
        <span className="second">{[pressing(listing), ...listing.styles].join(' · ')}</span>
      </div>
      <span className="max-tablet:hidden">
        {listing.media_grade ?? text.listings.notGraded}
        {listing.sleeve_grade && ` / ${listing.sleeve_grade}`}
      </span>
      <span className="text-right max-tablet:hidden">
        <b>{predicted === null ? (listing.score?.toFixed(1) ?? '–') : percent(predicted)}</b>
        <span className="second">{text.triage.because[because] ?? because}</span>
      </span>
      <PriceSticker listing={listing} />
    </>
  )
}
