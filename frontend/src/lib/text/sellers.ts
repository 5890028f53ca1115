/** Sellers, and what sending records costs. */
import { many, percent } from '../format'

export const sellers = {
  title: 'Sellers',
  followed: 'whom you follow',
  name: 'Seller',
  stock: 'For sale',
  coverage: 'Read',
  last: 'Last read',
  never: 'never',
  none: 'No sellers yet',
  noneWhy:
    'Name one whose stock you would like to go through. Reading 1,000 listings takes 10 requests, about 10 seconds.',
  follow: 'Follow a seller',
  toSellers: 'To the sellers',
  followField: 'Seller’s name, or the address of their shop',
  followDo: 'Follow',
  followCost: '1 request',
} as const

export const seller = {
  on: 'Their shop on Discogs',
  mute: 'No news of them',
  forget: 'Forget',
  forgetTitle: (seller: string) => `Forget ${seller}?`,
  forgetWhy: (listings: number) =>
    `Their ${many(listings, 'listing')} leave your index. Reading them again costs requests; what you judged stays.`,
  forgetYes: 'Forget them',
  notNow: 'Not now',
  followed: (when: string) => `followed since ${when}`,
  rating: (rating: number, ratings: number | null) =>
    `${rating.toFixed(1)}\u00a0%${ratings === null ? '' : ` of ${many(ratings, 'rating')}`}`,
  sells: (currency: string) => `sells in ${currency}`,
  forSale: 'For sale here',
  claimed: 'For sale at Discogs',
  coverage: 'Of that read',
  gone: 'Sold or withdrawn',
  state: 'State',
  states: { active: 'active', gone: 'gone', suspended: 'may not sell' } as Record<string, string>,
  stock: 'Stock',
  part: (part: number) => percent(part),
  styles: 'Styles',
  noStyles: 'Not described yet; a catalogue tells styles: cratewise catalog import latest.',
  decades: 'Decades',
  prices: 'Prices',
  unknown: 'Not known yet.',
  read: 'Last read',
  never: 'never',
} as const

export const postage = {
  title: 'Postage to you',
  none: (country: string) =>
    `None entered for ${country}: landed prices are unknown here. Discogs gives no postage before the cart.`,
  note: 'Note postage',
  noted: (seller: string) => `Postage of ${seller} noted`,
  edit: 'Edit postage',
  currency: 'Currency',
  first: 'First record',
  further: 'Each further',
  byWeight: 'By weight',
  entered: 'Entered',
  why: 'Landed prices use this. Discogs gives no postage before the cart.',
} as const
