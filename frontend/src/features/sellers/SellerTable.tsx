import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'

import { ago, count, percent } from '@/lib/format'
import { text } from '@/lib/text'
import { Asked } from '@/ui/Asked'
import { Bones } from '@/ui/Bones'
import { Section } from '@/ui/Section'
import { StateBox } from '@/ui/StateBox'

import { type Seller, sellers } from './queries'

/** Whom you follow, how much of their stock is kept, and how fresh it is. */
export function SellerTable() {
  return (
    <Section title={text.sellers.title} note={text.sellers.followed}>
      <Asked query={useQuery(sellers())} meanwhile={<Bones lines={3} />}>
        {(answer) => (answer.sellers.length ? <Table sellers={answer.sellers} /> : <NoSellers />)}
      </Asked>
    </Section>
  )
}

function Table({ sellers }: { sellers: readonly Seller[] }) {
  return (
    <table className="table">
      <thead>
        <tr>
          <th scope="col">{text.sellers.name}</th>
          <th scope="col" className="figure">
            {text.sellers.stock}
          </th>
          <th scope="col" className="figure">
            {text.sellers.coverage}
          </th>
          <th scope="col" className="figure">
            {text.sellers.last}
          </th>
        </tr>
      </thead>
      <tbody>
        {sellers.map((seller) => (
          <tr key={seller.seller}>
            <th scope="row" className="font-semibold! text-ink!">
              <Link to="/sellers/$name" params={{ name: seller.seller }}>
                {seller.seller}
              </Link>
            </th>
            <td className="figure">{count(seller.for_sale)}</td>
            <td className="figure">
              {seller.coverage === null ? '–' : percent(seller.coverage)}
            </td>
            <td className="figure text-ink-2">
              {seller.pull_finished_at ? ago(seller.pull_finished_at) : text.sellers.never}
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  )
}

function NoSellers() {
  return (
    <StateBox title={text.sellers.none}>
      <p>{text.sellers.noneWhy}</p>
      <Link to="/sellers" className="button main">
        {text.sellers.follow}
      </Link>
    </StateBox>
  )
}
