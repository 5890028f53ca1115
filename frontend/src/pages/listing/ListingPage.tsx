import { useQuery } from '@tanstack/react-query'
import { useParams } from '@tanstack/react-router'

import { useJudging } from '@/features/judging/useJudging'
import { VerdictButtons } from '@/features/judging/VerdictButtons'
import { useListening } from '@/features/listening/useListening'
import { Videos } from '@/features/listening/Videos'
import { CheckButton, useCheck } from '@/features/listings/CheckButton'
import { ListingFacts } from '@/features/listings/ListingFacts'
import { OtherCopies } from '@/features/listings/OtherCopies'
import { PriceHistory } from '@/features/listings/PriceHistory'
import { PriceSticker } from '@/features/listings/PriceSticker'
import { listing, type ListingInFull } from '@/features/listings/queries'
import { WhyKeep } from '@/features/taste/WhyKeep'
import { useWant } from '@/features/wants/useWant'
import { useKeys } from '@/lib/keys'
import { sleeveOf } from '@/lib/sleeve'
import { text } from '@/lib/text'
import { Asked } from '@/ui/Asked'
import { Button } from '@/ui/Button'
import { Record } from '@/ui/Record'
import { RecordBones } from '@/ui/RecordBones'
import { Section } from '@/ui/Section'

/** Everything about one copy, and what to do about it. */
export function ListingPage() {
  const { id } = useParams({ from: '/listings/$id' })
  return (
    <Asked
      query={useQuery(listing(Number(id)))}
      meanwhile={
        <>
          <h1 className="sr-only">{text.listing.title}</h1>
          <RecordBones />
        </>
      }
    >
      {(answer) => <Copy key={answer.id} listing={answer} />}
    </Asked>
  )
}

function Copy({ listing }: { listing: ListingInFull }) {
  const judging = useJudging()
  const listening = useListening(listing.release_id)
  const check = useCheck(listing.id)
  const { want, added } = useWant()
  const isWanted = listing.is_wanted || added.has(listing.release_id)
  const name = `${listing.artist}: ${listing.title}`
  useKeys({
    w: () => !isWanted && (want(listing), true),
    r: () => listing.gone_at === null && !check.isPending && (check.mutate(), true),
    // On a button that has the focus, the space bar presses it.
    ' ': () => !document.activeElement?.closest('button, a, summary') && (listening.toggle(), true),
  })
  return (
    <article className={listing.gone_at ? 'is-gone' : ''}>
      <title>{`${name} · ${text.name}`}</title>
      <div className="grid gap-7 tablet:grid-cols-[minmax(0,22rem)_minmax(0,1fr)] desk:grid-cols-[minmax(0,26rem)_minmax(0,1fr)_minmax(0,22rem)] desk:gap-10">
        <Record words={sleeveOf(listing)}>
          <PriceSticker listing={listing} isBig />
        </Record>
        <div className="grid content-start gap-4">
          <div>
            <h1 className="text-title break-words max-tablet:text-head">{listing.title}</h1>
            <p className="text-lead">{listing.artist}</p>
          </div>
          {listing.gone_at && <p className="text-ink-2">{text.listing.gone}</p>}
          <CheckButton listing={listing} check={check} />
          <div className="flex flex-wrap gap-2">
            <VerdictButtons judging={judging} listing={listing} />
            <Button
              keyName="w"
              cost={isWanted ? undefined : text.wants.oneRequest}
              disabled={isWanted}
              onClick={() => want(listing)}
            >
              {isWanted ? text.wants.isOn : text.wants.add}
            </Button>
            <a className="button" href={listing.url} target="_blank" rel="noreferrer">
              {text.listing.buy}
            </a>
          </div>
          <ListingFacts listing={listing} />
        </div>
        <Section
          title={listing.score === null ? text.listing.noScore : text.listing.score(listing.score)}
          note={text.listing.ruleNote}
          className="max-desk:col-span-full"
        >
          <p className="mb-3 text-lead">{listing.reason}</p>
          <WhyKeep listingId={listing.id} />
        </Section>
      </div>
      <div className="mt-8 grid gap-7 desk:grid-cols-[minmax(0,1.3fr)_minmax(0,1fr)_minmax(0,22rem)] desk:gap-10">
        <OtherCopies listing={listing} />
        <PriceHistory listing={listing} />
        <Videos listening={listening} name={name} releaseId={listing.release_id} />
      </div>
    </article>
  )
}
