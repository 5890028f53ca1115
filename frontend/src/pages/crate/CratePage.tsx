import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useState } from 'react'

import { leaveOut, usePicked } from '@/features/crate/picked'
import { type Crate, usePack, type Wish } from '@/features/crate/queries'
import { WishForm } from '@/features/crate/WishForm'
import { ListingRow } from '@/features/listings/ListingRow'
import { RefreshPrices } from '@/features/listings/RefreshPrices'
import { sellers } from '@/features/sellers/queries'
import { settings } from '@/features/settings/queries'
import { count, money, percent } from '@/lib/format'
import { text } from '@/lib/text'
import { Button } from '@/ui/Button'
import { Facts } from '@/ui/Facts'
import { PageHead } from '@/ui/PageHead'
import { Spines } from '@/ui/plots/Spines'
import { Section } from '@/ui/Section'
import { StateBox } from '@/ui/StateBox'

/** The best that a budget buys, postage and all. */
export function CratePage() {
  const { data } = useQuery(sellers())
  const currency = useQuery(settings()).data?.currency ?? ''
  const [wish, setWish] = useState<Wish | null>(null)
  const pack = usePack()
  const picked = usePicked()
  const ask = (next: Wish) => {
    setWish(next)
    pack.mutate(next)
  }
  const without = (id: number) => {
    leaveOut(id)
    if (!wish) return
    const must = wish.must?.filter((one) => one !== id) ?? []
    ask({ ...wish, must, without: [...(wish.without ?? []), id] })
  }
  return (
    <>
      <PageHead title={text.crate.title} note={text.crate.note} />
      <WishForm
        sellers={data?.sellers.map((one) => one.seller) ?? []}
        currency={currency}
        isBusy={pack.isPending}
        fault={pack.error?.message}
        onWish={(next) => ask({ ...next, must: picked.map((one) => one.id) })}
      />
      {picked.length > 0 && <Aside picked={picked} />}
      {pack.data ? (
        <Packed crate={pack.data} onWithout={without} />
      ) : (
        <StateBox title={text.crate.empty}>
          <p>{text.crate.emptyWhy}</p>
        </StateBox>
      )}
    </>
  )
}

/** What was put aside, with a way to leave each out. */
function Aside({ picked }: { picked: ReturnType<typeof usePicked> }) {
  return (
    <div className="mb-6">
      <p className="note mb-1.5">{text.crate.aside}</p>
      <ul className="flex flex-wrap gap-1.5">
        {picked.map(({ id, name }) => (
          <li key={id}>
            <button type="button" className="chip" aria-label={text.search.leave(name)} onClick={() => leaveOut(id)}>
              {name} <span aria-hidden="true">×</span>
            </button>
          </li>
        ))}
      </ul>
    </div>
  )
}

function Packed({ crate, onWithout }: { crate: Crate; onWithout: (id: number) => void }) {
  const postage = crate.total.minor - crate.price.minor
  const sum = text.crate.sum(crate.listings.length, money(crate.price), money(crate.total))
  return (
    <>
      <Spines
        records={crate.listings.map(({ id, artist, own_price, price }) => ({
          id,
          artist,
          minor: (own_price ?? price)?.minor ?? 0,
        }))}
        postage={postage}
        budget={crate.budget.minor}
        label={sum}
      />
      <div className="grid gap-7 desk:grid-cols-[minmax(0,1fr)_380px] desk:gap-11">
        <Section title={text.crate.inside} note={sum} end={<CrateEnd crate={crate} />}>
          <ul className="rows">
            {crate.listings.map((listing) => (
              <li key={listing.id} className="grid items-center gap-2 tablet:grid-cols-[minmax(0,1fr)_auto]">
                <ListingRow listing={listing} />
                <span className="flex justify-end gap-1 max-tablet:pb-2">
                  <Button isSmall onClick={() => onWithout(listing.id)}>
                    {text.crate.out}
                    <span className="sr-only">{`: ${listing.artist}, ${listing.title}`}</span>
                  </Button>
                  <a className="button small" href={listing.url} target="_blank" rel="noreferrer">
                    {text.crate.buy}
                    <span className="sr-only">{`: ${listing.artist}, ${listing.title}`}</span>
                  </a>
                </span>
              </li>
            ))}
          </ul>
        </Section>
        <div className="grid content-start gap-7">
          <Proof crate={crate} />
          <Section title={text.crate.leftOut}>
            <ul className="font-data text-data">
              {crate.left_out.slice(0, 8).map((one) => (
                <li key={one.id} className="border-b border-rule py-1.5">
                  <b>{one.artist}</b> {one.title}
                  <span className="block text-ink-3">{one.left_out_because}</span>
                </li>
              ))}
            </ul>
          </Section>
        </div>
      </div>
    </>
  )
}

function CrateEnd({ crate }: { crate: Crate }) {
  return (
    <span className="flex flex-wrap items-center gap-2">
      <RefreshPrices listings={crate.listings} />
      <OpenNext crate={crate} />
    </span>
  )
}

/** The crate's listings at Discogs, one by one: each press opens the next. */
function OpenNext({ crate: { listings } }: { crate: Crate }) {
  const [opened, setOpened] = useState(0)
  const next = listings[opened % listings.length]
  if (!next) return null
  return (
    <a
      className="button small"
      href={next.url}
      target="_blank"
      rel="noreferrer"
      onClick={() => setOpened(opened + 1)}
    >
      {text.crate.openNext((opened % listings.length) + 1, listings.length)}
    </a>
  )
}

function Proof({ crate }: { crate: Crate }) {
  const unknown = crate.orders.filter((order) => order.postage === null)
  return (
    <div className="rounded-card bg-well p-4">
      <h2 className="mb-1 text-tab">{crate.is_optimal ? text.crate.proved : text.crate.unproved}</h2>
      <p className="mb-3">
        {crate.is_optimal ? text.crate.provedWhy : text.crate.unprovedWhy(crate.gap < 0.01 ? text.crate.little : percent(crate.gap))}
      </p>
      <Facts
        areAsWritten
        facts={[
          [text.crate.worth, crate.worth.toFixed(2)],
          [text.crate.candidates, count(crate.candidates)],
          ...crate.orders.map(
            ({ seller, postage }) =>
              [seller, postage ? text.crate.post(money(postage)) : text.crate.noPost] as const,
          ),
        ]}
      />
      {unknown.length > 0 && <p className="note mt-2">
          {text.crate.noPostWhy} <Link to="/settings">{text.crate.notePost}</Link>
        </p>}
    </div>
  )
}
