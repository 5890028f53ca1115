import { queryOptions, useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'

import { answer, type Schema, server } from '@/api/server'
import { count, money } from '@/lib/format'
import { text } from '@/lib/text'
import { Section } from '@/ui/Section'

const SHOWN = 6

const offers = () =>
  queryOptions({
    queryKey: ['wants', 'sellers'],
    queryFn: () =>
      answer(server.GET('/api/v1/wants/sellers', { params: { query: { limit: SHOWN } } })),
    staleTime: 60_000,
  })

/** Which seller has most of your wantlist; nothing where nobody has any of it. */
export function WhoHas() {
  const { data } = useQuery(offers())
  if (!data?.sellers.length) return null
  const most = Math.max(...data.sellers.map((offer) => offer.wants))
  return (
    <Section
      title={text.home.wants}
      note={text.home.wantsNote}
      end={<Link to="/crate">{text.home.pack}</Link>}
    >
      <table className="table">
        <thead>
          <tr>
            <th scope="col">{text.sellers.name}</th>
            <th scope="col">{text.home.wantsIn}</th>
            <th scope="col" className="figure max-tablet:hidden">
              {text.home.exact}
            </th>
            <th scope="col" className="figure">
              {text.home.together}
            </th>
          </tr>
        </thead>
        <tbody>
          {data.sellers.map((offer) => (
            <Row key={offer.seller} offer={offer} most={most} />
          ))}
        </tbody>
      </table>
    </Section>
  )
}

function Row({ offer, most }: { offer: Schema['Offer']; most: number }) {
  return (
    <tr>
      <th scope="row" className="font-semibold! text-ink!">
        <Link to="/sellers/$name" params={{ name: offer.seller }}>
          {offer.seller}
        </Link>
      </th>
      <td>
        <span className="flex items-center gap-4">
          <span className="w-8 text-right">{count(offer.wants)}</span>
          <svg
            viewBox="0 0 100 10"
            preserveAspectRatio="none"
            className="h-2.5 w-30 max-tablet:w-14"
            aria-hidden="true"
          >
            <rect width="100" height="10" fill="var(--tag)" />
            <rect width={(100 * offer.wants) / most} height="10" fill="var(--keep)" />
          </svg>
        </span>
      </td>
      <td className="figure max-tablet:hidden">{count(offer.exact)}</td>
      <td className="figure">{offer.landed ? money(offer.landed) : `? (${text.listings.noPost})`}</td>
    </tr>
  )
}
