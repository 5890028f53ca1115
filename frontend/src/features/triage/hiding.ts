import type { Schema } from '@/api/server'
import { text } from '@/lib/text'

import type { Shown } from './queries'

type Listing = Shown['listing']
export type Kind = Schema['ToHide']['kind']

/** Something of a record that can be hidden, and the key that does it. */
export interface Hideable {
  kind: Kind
  name: string
  words: string
  keyName: string | null
}

/** What of a record can be hidden; a record may stand on several labels, and in several styles. */
export function hideables({ artist, label, styles, seller }: Listing): Hideable[] {
  const labels = label.split(', ').filter(Boolean)
  return [
    ...labels.map((name, at) => one('label', name, text.triage.hideLabel(name), at ? null : 'l')),
    ...(artist ? [one('artist', artist, text.triage.hideArtist(artist), 'a')] : []),
    ...styles.map((name, at) => one('style', name, text.triage.hideStyle(name), at ? null : 't')),
    one('seller', seller, text.triage.hideSeller(seller), 's'),
  ]
}

/** Whether a record shows something that was hidden. */
export const isHiddenBy = (listing: Listing, { kind, name }: Pick<Hideable, 'kind' | 'name'>) =>
  hideables(listing).some(
    (one) => one.kind === kind && one.name.toLowerCase() === name.toLowerCase(),
  )

const one = (kind: Kind, name: string, words: string, keyName: string | null): Hideable => ({
  kind,
  name,
  words,
  keyName,
})
