import { useQuery } from '@tanstack/react-query'
import { useParams } from '@tanstack/react-router'

import { home } from '@/features/home/queries'
import { useJudging } from '@/features/judging/useJudging'
import { BestListings } from '@/features/listings/BestListings'
import { PullHistory } from '@/features/pulls/PullHistory'
import { PullPlan } from '@/features/pulls/PullPlan'
import { RunningPulls } from '@/features/pulls/RunningPulls'
import { seller } from '@/features/sellers/queries'
import { SellerHead, SellerStock } from '@/features/sellers/SellerHead'
import { Asked } from '@/ui/Asked'
import { Bones } from '@/ui/Bones'

/** One seller: what is read of them, what it costs to read more, what is best there. */
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
          <div className="grid gap-7 desk:grid-cols-[minmax(0,1fr)_380px] desk:gap-11">
            <BestListings seller={found.seller} verdicts={verdicts} />
            <div className="grid content-start gap-7 max-desk:order-first">
              {pulls.length ? (
                <RunningPulls pulls={pulls} />
              ) : (
                <PullPlan key={found.seller} seller={found.seller} />
              )}
              <SellerStock seller={found} />
              <PullHistory seller={found.seller} />
            </div>
          </div>
        </>
      )}
    </Asked>
  )
}
