import { useQuery } from '@tanstack/react-query'
import { Link, useSearch } from '@tanstack/react-router'

import { Refused } from '@/api/refused'
import { DrawInFull, DrawLandscape } from '@/features/day/Draw'
import { History } from '@/features/day/History'
import { type Pick, pickOf, today, useRedraw } from '@/features/day/queries'
import { Temperature } from '@/features/day/Temperature'
import { Votes } from '@/features/day/Votes'
import { useJudging } from '@/features/judging/useJudging'
import { VerdictButtons } from '@/features/judging/VerdictButtons'
import { PriceSticker } from '@/features/listings/PriceSticker'
import { pressing } from '@/features/listings/words'
import { NoStock } from '@/features/sellers/NoStock'
import { sleeveOf } from '@/lib/sleeve'
import { text } from '@/lib/text'
import { Asked } from '@/ui/Asked'
import { Button } from '@/ui/Button'
import { PageHead } from '@/ui/PageHead'
import { Record } from '@/ui/Record'
import { RecordBones } from '@/ui/RecordBones'

const dayName = new Intl.DateTimeFormat('en-GB', {
  weekday: 'long',
  day: 'numeric',
  month: 'long',
  timeZone: 'UTC',
})

const isNothingToPick = (error: Error | null) =>
  error instanceof Refused && error.problem.type?.endsWith('nothing-to-pick') === true

/** One record a day: wanted, and unlike the rest. */
export function DayPage() {
  const { pick: id } = useSearch({ from: '/day' })
  // The first look at today's draws it; a look at an earlier one must not.
  const ofToday = useQuery({ ...today(), enabled: id === undefined })
  const earlier = useQuery({ ...pickOf(id ?? 0), enabled: id !== undefined })
  const asked = id === undefined ? ofToday : earlier
  if (isNothingToPick(asked.error)) {
    return (
      <>
        <PageHead title={text.tabs.day} />
        <NoStock title={text.day.none}>{text.day.noneWhy}</NoStock>
      </>
    )
  }
  return (
    <Asked
      query={asked}
      meanwhile={
        <>
          <h1 className="sr-only">{text.tabs.day}</h1>
          <RecordBones />
        </>
      }
    >
      {(pick) => <Day key={pick.id} pick={pick} isToday={id === undefined} />}
    </Asked>
  )
}

function Day({ pick, isToday }: { pick: Pick; isToday: boolean }) {
  const { listing, was } = pick
  return (
    <div className="grid gap-8 desk:grid-cols-[minmax(0,29rem)_minmax(0,1fr)] desk:gap-14">
      <title>{`${text.tabs.day} · ${text.name}`}</title>
      <article className="grid content-start gap-4">
        <p className="note">
          {text.day.drawnOf(dayName.format(new Date(pick.day)), pick.candidates)}
          {!isToday && (
            <>
              {' · '}
              <Link to="/day">{text.day.toToday}</Link>
            </>
          )}
        </p>
        <div className="tablet:max-desk:max-w-sm">
          <Record words={listing ? sleeveOf(listing) : was}>
            {listing && <PriceSticker listing={listing} isBig />}
          </Record>
        </div>
        <div>
          <h1 className="text-title break-words desk:text-show">
            <Link to="/listings/$id" params={{ id: String(was.listing_id) }} className="no-underline">
              {was.title}
            </Link>
          </h1>
          <p className="text-lead">{was.artist}</p>
          {listing && (
            <p className="mt-1 font-data text-data text-ink-2">
              {pressing(listing)}
              <br />
              {[listing.media_grade, listing.sleeve_grade].filter(Boolean).join(' / ')} · {was.seller}
            </p>
          )}
        </div>
        <p className="border-l-4 border-keep bg-well px-3 py-2">
          {listing?.reason ?? text.listing.gone}
        </p>
        <Deeds pick={pick} isToday={isToday} />
        <Votes pick={pick} />
        <div className="tablet:max-desk:max-w-md">
          <History pick={pick} />
        </div>
      </article>
      <div className="grid content-start gap-8">
        <DrawLandscape pick={pick} />
        <Temperature pick={pick} />
        <DrawInFull pick={pick} />
      </div>
    </div>
  )
}

function Deeds({ pick, isToday }: { pick: Pick; isToday: boolean }) {
  const judging = useJudging()
  const redraw = useRedraw()
  return (
    <div className="flex flex-wrap gap-2">
      {pick.listing && <VerdictButtons judging={judging} listing={pick.listing} />}
      {isToday && (
        <Button kind="bare" isBusy={redraw.isPending} onClick={() => redraw.mutate()}>
          {text.day.redraw}
        </Button>
      )}
      {redraw.error && (
        <p role="alert" className="text-bad">
          {redraw.error.message}
        </p>
      )}
    </div>
  )
}
