import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'

import type { Schema } from '@/api/server'
import { ago, money } from '@/lib/format'
import { text } from '@/lib/text'
import { Asked } from '@/ui/Asked'
import { Bones } from '@/ui/Bones'
import { Section } from '@/ui/Section'

import { PriceSticker } from './PriceSticker'
import { copiesOf, type Listing } from './queries'

type Copy = Schema['Copy']

/** The same record at the sellers that were read, the cheapest landed first; asks Discogs nothing. */
export function OtherCopies({ listing }: { listing: Listing }) {
  return (
    <Section title={text.listing.copies} note={text.listing.copiesNote}>
      <Asked
        query={useQuery(copiesOf(listing.release_id, listing.master_id))}
        meanwhile={<Bones lines={4} />}
      >
        {(copies) =>
          copies.some((copy) => copy.id !== listing.id) ? (
            <Copies copies={copies} here={listing} />
          ) : (
            <p className="text-ink-2">{text.listing.noCopies}</p>
          )
        }
      </Asked>
    </Section>
  )
}

function Copies({ copies, here }: { copies: readonly Copy[]; here: Listing }) {
  const words = text.listing
  const [among] = copies.filter((copy) => copy.id === here.id)
  return (
    <>
      <div className="overflow-x-auto" tabIndex={0} role="group" aria-label={words.copies}>
        <table className="table">
          <thead>
            <tr>
              <th scope="col">{words.seller}</th>
              <th scope="col">{words.grades}</th>
              <th scope="col">{words.which}</th>
              <th scope="col" className="figure">{text.listings.price}</th>
              <th scope="col" className="figure">{words.landed}</th>
              <th scope="col" className="figure">{words.read}</th>
            </tr>
          </thead>
          <tbody>
            {copies.map((copy) => (
              <CopyRow key={copy.id} copy={copy} here={here} />
            ))}
          </tbody>
        </table>
      </div>
      {among?.of_release && (
        <p className="note mt-2">
          {words.among(
            among.of_release.rank,
            among.of_release.others + 1,
            money(among.of_release.median),
            money(among.of_release.lowest),
          )}
        </p>
      )}
    </>
  )
}

function CopyRow({ copy, here }: { copy: Copy; here: Listing }) {
  const words = text.listing
  const isHere = copy.id === here.id
  const which = [copy.country, copy.year].filter(Boolean).join(' ')
  return (
    <tr className={isHere ? 'bg-keep-wash' : ''}>
      <td>
        {isHere ? (
          <b>{copy.seller}</b>
        ) : (
          <Link to="/listings/$id" params={{ id: String(copy.id) }}>
            {copy.seller}
          </Link>
        )}
      </td>
      <td className="whitespace-nowrap">
        {[copy.media_grade, copy.sleeve_grade].filter(Boolean).join(' / ') || text.listings.notGraded}
      </td>
      <td>
        {isHere
          ? words.thisOne
          : copy.release_id === here.release_id
            ? words.sameRelease
            : words.otherPressing(which)}
      </td>
      <td className="figure">
        <PriceSticker listing={copy} />
      </td>
      <td className="figure font-semibold">
        {copy.landed ? money(copy.landed) : <span title={words.postageUnknown}>?</span>}
      </td>
      <td className="figure">{copy.price_read_at ? ago(copy.price_read_at) : '–'}</td>
    </tr>
  )
}
