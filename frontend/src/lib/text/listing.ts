/** Listings in rows and in full, and why one is, or is not, for you. */
import { count, many, percent, span } from '../format'

const logOdds = (amount: number) => `${amount < 0 ? '−' : '+'}${Math.abs(amount).toFixed(2)}`

export const listings = {
  best: 'Best here',
  order: 'highest score first',
  artist: 'Artist, title, pressing',
  grade: 'Grades, seller',
  wants: 'Wants',
  score: 'Score',
  price: 'Price',
  none: 'No listings yet',
  noneWhy: 'Read a seller’s stock, and what is worth buying stands here.',
  wanted: (want: number) => count(want),
  have: (have: number) => `${count(have)} have`,
  notGraded: 'not graded',
  keeper: 'keeper',
  ruleScore: 'rule',
  keepChance: 'Keep, %',
  chance: (chance: number) => `${percent(chance)} keep`,
  landedHead: 'Landed',
  landedWord: 'landed',
  landed: (price: string) => `${price} landed`,
  noPost: 'no post',
  was: (price: string) => `was ${price}`,
  under: (part: string) => `${part} under`,
  asked: (price: string) => `asked ${price}`,
  rate: (rate: string) => `at ${rate}`,
  age: (seconds: number) => (seconds < 60 ? 'read now' : `${span(seconds)} ago`),
  stale: (age: string) => `read ${age} ago`,
  gone: 'sold or withdrawn',
  unknownPrice: 'no price',
  noneHere: 'Nothing of this seller is kept yet.',
} as const

export const marks = {
  want: 'want',
  wanted: 'On your wantlist',
  wantedOther: 'Another pressing of it is on your wantlist',
  own: 'own',
  ownOther: 'own other',
  owned: 'In your collection',
  ownedOther: 'Another pressing of it is in your collection',
} as const

export const listing = {
  label: 'Label',
  format: 'Format',
  title: 'Listing',
  pressing: 'Pressing',
  original: 'First in',
  genre: 'Genre',
  style: 'Styles',
  marks: 'To you',
  isWanted: 'on your wantlist',
  isOwned: 'in your collection',
  otherWanted: 'another pressing on your wantlist',
  otherOwned: 'another pressing in your collection',
  unverified: 'not seen for long, and not looked for',
  seenFirst: 'First seen',
  grades: 'Media / sleeve',
  which: 'Which',
  landed: 'Landed',
  sameRelease: 'same release',
  otherPressing: (which: string) => `other pressing${which ? `, ${which}` : ''}`,
  among: (rank: number, of: number, median: string, lowest: string) =>
    `This one is ${rank === 1 ? 'the cheapest' : `number ${count(rank)}`} of ${count(of)} ever seen of this release; the others’ median is ${median}, the lowest ${lowest}.`,
  check: 'Check price',
  readAgo: (when: string, isStale: boolean) => `price read ${when}${isStale ? ', older than six hours' : ''}`,
  checked: {
    same: 'Checked: the price is the same',
    changed: 'Checked: something changed',
    gone: 'Checked: it was sold or withdrawn',
    odd: 'Discogs answered something odd; what was known stays',
  },
  pricesSaid: (changes: number, first: string, last: string) =>
    `${many(changes, 'change')} of price, from ${first} to ${last}`,
  media: 'Media',
  sleeve: 'Sleeve',
  seller: 'Seller',
  shipsFrom: 'Ships from',
  wanted: 'Wanted',
  wantedOf: (want: number, have: number) => `${count(want)} want, ${count(have)} have`,
  comment: 'Comment',
  asked: 'Asked',
  offers: 'takes offers',
  postage: 'Postage',
  postageUnknown: '? (no post entered)',
  postageMakes: (postage: string, landed: string) => `${postage}, ${landed} landed`,
  seen: 'Seen',
  read: 'Price read',
  listed: 'Listed',
  score: (score: number) => `Rule score ${score.toFixed(1)}`,
  noScore: 'No score',
  ruleNote: 'wanted, known, cheap',
  buy: 'See it on Discogs',
  gone: 'Sold or withdrawn; Discogs does not say which.',
  prices: 'This copy’s price',
  pricesNote: 'as it was seen',
  noChanges: 'It has not changed since it was first seen.',
  from: 'from',
  to: 'to',
  copies: 'Other copies',
  copiesNote: 'at sellers that were read; no request',
  noCopies: 'No other copy is for sale at the sellers that were read.',
  thisOne: 'this one',
} as const

export const why = {
  label: 'What speaks for and against it, in log-odds',
  amount: logOdds,
  rest: 'all the rest',
  sum: (base: number, total: number, chance: number) =>
    `Log-odds; with the base of ${logOdds(base)} they add up to ${logOdds(total)}, which is ${percent(chance)}.`,
  chance: (chance: number) => `${percent(chance)} keep`,
} as const

export const check = {
  again: 'Check',
  said: (state: string, name: string, before: string | null) =>
    ({
      same: `${name}: as it was, and read now`,
      changed: `${name}: changed${before ? `, was ${before}` : ''}`,
      gone: `${name}: sold or withdrawn`,
      odd: `${name}: Discogs answered oddly; nothing was changed`,
    })[state] ?? name,
  old: (listings: number) => many(listings, 'old price'),
  oldTitle: 'Read old prices again?',
  oldWhy: 'Each is asked for by itself, at Discogs. Go on meanwhile: a pull that runs waits for that long.',
  oldDo: 'Read them again',
  going: 'Reading old prices again',
  done: (states: readonly string[]) => {
    const of = (state: string) => states.filter((one) => one === state).length
    const parts = [
      many(states.length, 'price') + ' read again',
      of('changed') && `${of('changed')} changed`,
      of('gone') && `${of('gone')} sold or withdrawn`,
      of('odd') && `${of('odd')} answered oddly`,
    ]
    return parts.filter(Boolean).join(', ')
  },
} as const
