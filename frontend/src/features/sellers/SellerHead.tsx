import { useNavigate } from '@tanstack/react-router'
import { useState } from 'react'

import { ago, count, moment, percent } from '@/lib/format'
import { text } from '@/lib/text'
import { Button } from '@/ui/Button'
import { Dialog } from '@/ui/Dialog'
import { Facts } from '@/ui/Facts'
import { PageHead } from '@/ui/PageHead'
import { Section } from '@/ui/Section'
import { Source } from '@/ui/Source'
import { Switch } from '@/ui/Switch'

import { type Seller, useForget, useMute } from './queries'

/** Who it is, and what can be done about them. */
export function SellerHead({ seller }: { seller: Seller }) {
  const [isAsking, setIsAsking] = useState(false)
  const mute = useMute(seller.seller)
  const { location, currency, rating_percent: rating, ratings } = seller
  const note = [
    location,
    currency && text.seller.sells(currency),
    rating !== null && text.seller.rating(rating, ratings),
    text.seller.followed(moment(seller.followed_at)),
  ]
  return (
    <>
      <PageHead
        title={seller.seller}
        note={note.filter(Boolean).join(' · ')}
        end={
          <>
            <Switch isOn={seller.is_muted} label={text.seller.mute} onChange={mute.mutate}>
              {text.seller.mute}
            </Switch>
            <a className="button" href={seller.url} target="_blank" rel="noreferrer">
              {text.seller.on}
            </a>
            <Button kind="loss" onClick={() => setIsAsking(true)}>
              {text.seller.forget}
            </Button>
          </>
        }
      />
      {isAsking && <ForgetDialog seller={seller} onClose={() => setIsAsking(false)} />}
    </>
  )
}

/** A dialog, since what is forgotten cannot be taken back without requests. */
function ForgetDialog({ seller, onClose }: { seller: Seller; onClose: () => void }) {
  const navigate = useNavigate()
  const forget = useForget(seller.seller, () => navigate({ to: '/sellers' }))
  return (
    <Dialog title={text.seller.forgetTitle(seller.seller)} onClose={onClose}>
      <p className="mb-4">{text.seller.forgetWhy(seller.for_sale + seller.gone)}</p>
      {forget.error && (
        <p role="alert" className="mb-3 text-bad">
          {forget.error.message}
        </p>
      )}
      <div className="flex justify-end gap-2">
        <Button onClick={onClose}>{text.seller.notNow}</Button>
        <Button kind="loss" isBusy={forget.isPending} onClick={() => forget.mutate()}>
          {text.seller.forgetYes}
        </Button>
      </div>
    </Dialog>
  )
}

/** How much of their stock is kept. */
export function SellerStock({ seller }: { seller: Seller }) {
  const { claimed, coverage } = seller
  return (
    <Section title={text.seller.stock} end={<Source />}>
      <Facts
        facts={[
          [text.seller.state, text.seller.states[seller.state] ?? seller.state],
          [text.seller.forSale, count(seller.for_sale)],
          [text.seller.claimed, claimed === null ? null : count(claimed)],
          [text.seller.coverage, coverage === null ? null : percent(coverage)],
          [text.seller.gone, count(seller.gone)],
          [
            text.seller.read,
            seller.pull_finished_at
              ? `${ago(seller.pull_finished_at)}, ${moment(seller.pull_finished_at)}`
              : text.seller.never,
          ],
        ]}
      />
    </Section>
  )
}
