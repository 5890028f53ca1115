import { useQuery } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'

import { home } from '@/features/home/queries'
import { RunningPulls } from '@/features/pulls/RunningPulls'
import { FollowForm } from '@/features/sellers/FollowForm'
import { SellerTable } from '@/features/sellers/SellerTable'
import { text } from '@/lib/text'
import { PageHead } from '@/ui/PageHead'
import { Section } from '@/ui/Section'

/** Whom you follow, and whom you may. */
export function SellersPage() {
  const { data } = useQuery(home())
  const navigate = useNavigate()
  return (
    <>
      <PageHead title={text.tabs.sellers} />
      <div className="grid gap-7 desk:grid-cols-[minmax(0,1fr)_380px] desk:gap-11">
        <div className="grid content-start gap-7">
          <Section title={text.sellers.follow}>
            <FollowForm
              onFollowed={(name) => void navigate({ to: '/sellers/$name', params: { name } })}
            />
          </Section>
          <SellerTable />
        </div>
        <RunningPulls pulls={data?.pulls ?? []} />
      </div>
    </>
  )
}
