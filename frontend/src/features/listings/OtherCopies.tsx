import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'

import { ago } from '@/lib/format'
import { text } from '@/lib/text'
import { Asked } from '@/ui/Asked'
import { Bones } from '@/ui/Bones'
import { Section } from '@/ui/Section'

import { PriceSticker } from './PriceSticker'
import { type Listing, release } from './queries'

/** The same release at the sellers that were read, the cheapest first; asks Discogs nothing. */
export function OtherCopies({ listing }: { listing: Listing }) {
  return (
    <Section title={text.listing.copies} note={text.listing.copiesNote}>
      <Asked query={useQuery(release(listing.release_id))} meanwhile={<Bones lines={3} />}>
        {({ copies }) =>
          copies.some((copy) => copy.id !== listing.id) ? (
            <Copies copies={copies} here={listing.id} />
          ) : (
            <p className="text-ink-2">{text.listing.noCopies}</p>
          )
        }
      </Asked>
    </Section>
  )
}

function Copies({ copies, here }: { copies: readonly Listing[]; here: number }) {
  return (
    <table className="table">
      <thead>
        <tr>
          <th scope="col">{text.listing.seller}</th>
          <th scope="col">{text.listing.media}</th>
          <th scope="col" className="figure">
            {text.listing.read}
          </th>
          <th scope="col" className="figure">
            {text.listings.price}
          </th>
        </tr>
      </thead>
      <tbody>
        {copies.map((copy) => (
          <tr key={copy.id} className={copy.id === here ? 'bg-keep-wash' : ''}>
            <td>
              {copy.id === here ? (
                <b>{`${copy.seller}, ${text.listing.thisOne}`}</b>
              ) : (
                <Link to="/listings/$id" params={{ id: String(copy.id) }}>
                  {copy.seller}
                </Link>
              )}
            </td>
            <td>{[copy.media_grade, copy.sleeve_grade].filter(Boolean).join(' / ')}</td>
            <td className="figure">{copy.price_read_at ? ago(copy.price_read_at) : '–'}</td>
            <td className="figure">
              <PriceSticker listing={copy} />
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  )
}
