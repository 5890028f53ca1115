import { useQuery } from '@tanstack/react-query'
import { useParams } from '@tanstack/react-router'

import { home } from '@/features/home/queries'
import { useJudging } from '@/features/judging/useJudging'
import { BestListings } from '@/features/listings/BestListings'
import { PullHistory } from '@/features/pulls/PullHistory'
import { PullPlan } from '@/features/pulls/PullPlan'
import { RunningPulls } from '@/features/pulls/RunningPulls'
import { Postage } from '@/features/sellers/Postage'
import { seller } from '@/features/sellers/queries'
import { Schedules } from '@/features/sellers/Schedules'
import { SellerHead, SellerStock } from '@/features/sellers/SellerHead'
import { StockCharts } from '@/features/sellers/StockCharts'
import { Asked } from '@/ui/Asked'
import { Bones } from '@/ui/Bones'

/** One seller: what is read of them, what it costs to read more, what they sell, what is best there. */
export function SellerPage() {
  const { name } = useParams({ from: '/sellers/$name' })
  const { data } = useQuery(home())
  const { verdicts } = useJudging()
  const here = name.toLowerCase()
  const pulls = data?.pulls.filter((pull) => pull.seller.toLowerCase() === here) ?? []
  return (
    <Asked query={useQuery(seller(name))} meanwhile={<Bones lines={8} />}>
      {(found) => (
        <>
          <SellerHead seller={found} />
          <div className="mb-9 grid grid-cols-[minmax(0,1fr)] gap-9 tablet:grid-cols-2 desk:grid-cols-3 desk:gap-11">
            <div className="grid content-start gap-7">
              {pulls.length ? (
                <RunningPulls pulls={pulls} />
              ) : (
                <PullPlan key={found.seller} seller={found.seller} />
              )}
            </div>
            <SellerStock seller={found} />
            <Schedules seller={found.seller} />
          </div>
          {found.for_sale > 0 && (
            <div className="mb-9 grid grid-cols-[minmax(0,1fr)] gap-9 tablet:grid-cols-2 desk:grid-cols-4 desk:gap-11">
              <StockCharts seller={found.seller} />
              <Postage seller={found} />
            </div>
          )}
          <div className="grid grid-cols-[minmax(0,1fr)] gap-9 desk:grid-cols-[minmax(0,1fr)_300px] desk:gap-11">
            <BestListings seller={found.seller} verdicts={verdicts} />
            <PullHistory seller={found.seller} />
          </div>
        </>
      )}
    </Asked>
  )
}
