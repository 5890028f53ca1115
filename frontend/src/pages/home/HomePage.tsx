import { useQuery } from '@tanstack/react-query'

import { Health } from '@/features/health/Health'
import { home } from '@/features/home/queries'
import { Tally } from '@/features/home/Tally'
import { useJudging } from '@/features/judging/useJudging'
import { BestListings } from '@/features/listings/BestListings'
import { RunningPulls } from '@/features/pulls/RunningPulls'
import { SellerTable } from '@/features/sellers/SellerTable'
import { moment } from '@/lib/format'
import { text } from '@/lib/text'
import { Asked } from '@/ui/Asked'
import { PageHead } from '@/ui/PageHead'

/** What is new, what goes on, what is worth buying. */
export function HomePage() {
  const asked = useQuery(home())
  const { verdicts } = useJudging()
  const summary = asked.data
    ? text.home.summary(asked.data.counts.sellers, asked.data.counts.listings)
    : ''
  return (
    <>
      <PageHead
        title={asked.data ? text.home.since(moment(asked.data.news.since)) : text.tabs.home}
        note={summary}
      />
      <Asked query={asked} meanwhile={<div className="mb-7 h-18 rounded-card bg-card" />}>
        {({ news, counts }) => <Tally news={news} counts={counts} />}
      </Asked>
      <div className="grid gap-7 desk:grid-cols-[minmax(0,1fr)_380px] desk:gap-11">
        <BestListings verdicts={verdicts} />
        <aside className="grid content-start gap-7 max-desk:order-first">
          <RunningPulls pulls={asked.data?.pulls ?? []} />
          <SellerTable />
          <Health />
        </aside>
      </div>
    </>
  )
}
