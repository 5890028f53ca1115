import { useQuery } from '@tanstack/react-query'

import type { Schema } from '@/api/server'
import { Health } from '@/features/health/Health'
import { home, useLook } from '@/features/home/queries'
import { Tally } from '@/features/home/Tally'
import { WhoHas } from '@/features/home/WhoHas'
import { useJudging } from '@/features/judging/useJudging'
import { BestListings } from '@/features/listings/BestListings'
import { Gone } from '@/features/listings/Gone'
import { Arrivals, Drops } from '@/features/listings/Newest'
import { RunningPulls } from '@/features/pulls/RunningPulls'
import { SavedSection } from '@/features/search/SavedSection'
import { SellerTable } from '@/features/sellers/SellerTable'
import { taste } from '@/features/taste/queries'
import { moment } from '@/lib/format'
import { useIsPainted } from '@/lib/painted'
import { text } from '@/lib/text'
import { Asked } from '@/ui/Asked'
import { Button } from '@/ui/Button'
import { PageHead } from '@/ui/PageHead'

import { FirstSteps, isNew } from './FirstSteps'
import { ModelLine, Next } from './ModelLine'
import { Today } from './Today'

/** What is new, what goes on, what is worth buying; for newcomers, how to begin. */
export function HomePage() {
  const asked = useQuery(home())
  const { data: learned } = useQuery(taste())
  const isPainted = useIsPainted()
  const known = asked.data && learned ? { home: asked.data, taste: learned } : undefined
  const hasStock = (asked.data?.counts.listings ?? 0) > 0
  return (
    <>
      <Head home={asked.data} />
      {known && isNew(known) && <FirstSteps {...known} />}
      <Asked query={asked} meanwhile={<div className="mb-7 h-19 rounded-card bg-card" />}>
        {({ news, counts }) =>
          hasStock && <Tally news={news} counts={counts} next={<Next taste={learned} />} />
        }
      </Asked>
      {isPainted ? <Below home={asked.data} learned={learned} /> : <div className="min-h-screen" />}
    </>
  )
}

interface BelowProps {
  home: Schema['Home'] | undefined
  learned: Schema['Taste'] | undefined
}

/** What is for sale, and beside it what goes on. */
function Below({ home: known, learned }: BelowProps) {
  const { verdicts } = useJudging()
  const hasStock = (known?.counts.listings ?? 0) > 0
  const hasModel = Boolean(learned?.live)
  // On a phone both columns are one, and what goes on stands before what is for sale.
  return (
    <div className="grid grid-cols-[minmax(0,1fr)] gap-9 desk:grid-cols-[minmax(0,1fr)_380px] desk:gap-11">
      <div className="grid min-w-0 grid-cols-[minmax(0,1fr)] content-start gap-9 max-desk:order-2">
        {known && hasStock && (
          <>
            <Arrivals since={known.news.since} hasModel={hasModel} />
            <div className="grid grid-cols-[minmax(0,1fr)] gap-9 wide:grid-flow-col wide:auto-cols-fr">
              {known.news.cheaper > 0 && (
                <Drops since={known.news.since} hasModel={hasModel} />
              )}
              {known.news.gone > 0 && <Gone since={known.news.since} />}
            </div>
          </>
        )}
        <BestListings verdicts={verdicts} />
        <WhoHas />
      </div>
      <aside className="grid content-start gap-8 max-desk:contents">
        <div className="grid gap-8 max-desk:order-1">
          {hasStock && <Today />}
          <RunningPulls pulls={known?.pulls ?? []} />
        </div>
        <div className="grid gap-8 max-desk:order-3">
          <ModelLine taste={learned} />
          {known && hasStock && <SavedSection since={known.news.since} />}
          <SellerTable />
          <Health />
        </div>
      </aside>
    </div>
  )
}

function Head({ home: known }: { home: Schema['Home'] | undefined }) {
  const look = useLook(known?.news.since ?? '')
  if (!known?.counts.listings) return <PageHead title={text.tabs.home} />
  const { news, counts } = known
  return (
    <PageHead
      title={text.home.since(moment(news.since))}
      note={text.home.summary(counts.sellers, counts.listings)}
      end={
        <Button isSmall title={text.home.seenWhy} isBusy={look.isPending} onClick={() => look.mutate()}>
          {text.home.seen}
        </Button>
      }
    />
  )
}
