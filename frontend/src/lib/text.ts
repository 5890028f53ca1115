/**
 * Every sentence of the page, in one place, ready for a translation.
 * Plain, short, exact: what is, and what can be done.  Units always.
 */
import { count, many } from './format'

export const text = {
  name: 'Cratewise',
  notices: {
    affiliation:
      'This application uses Discogs’ API but is not affiliated with, sponsored or endorsed by Discogs. ‘Discogs’ is a trademark of Zink Media, LLC.',
    source: 'Data provided by Discogs.',
  },
  shell: {
    skip: 'Skip to the page',
    pages: 'Pages',
    home: 'Cratewise, home',
    dark: 'Dark',
    darkLabel: 'Dark theme',
    quota: 'Requests to Discogs in the moving minute, shared by page, command line and workers',
    left: (remaining: number, limit: number) => `${count(remaining)} of ${count(limit)} left`,
    lost: 'Cratewise does not answer. What is shown was read before; trying again.',
  },
  tabs: { home: 'Home' },
  states: {
    loading: 'Loading',
    failed: 'This could not be shown',
    again: 'Try again',
    mistake: 'Something is wrong with this page',
    reload: 'Load the page anew',
    nothingHere: 'Nothing is here',
    nothingHereLong: 'No page has this address.',
    goHome: 'Go home',
  },
  home: {
    since: (moment: string) => `Since ${moment}`,
    summary: (sellers: number, listings: number) =>
      `${many(sellers, 'seller')}, ${many(listings, 'listing')}`,
    arrived: 'new arrivals',
    arrivedOf: (sellers: number) => `at ${many(sellers, 'seller')}`,
    cheaper: 'prices came down',
    gone: 'sold or withdrawn',
    goneWhy: 'Discogs does not say which',
    kept: 'for sale in your index',
    releases: (releases: number) => many(releases, 'release'),
  },
  pulls: {
    title: 'Now reading',
    none: 'Nothing is being read.',
    waiting: 'waits for its turn',
    toGo: (time: string) => `${time} to go`,
    listings: (seen: number, claimed: number | null) =>
      claimed === null
        ? many(seen, 'listing')
        : `${count(seen)} of ${many(claimed, 'listing')}`,
    requests: (requests: number) => many(requests, 'request'),
    isNew: (listings: number) => `${count(listings)} new`,
    progress: (seller: string) => `Reading ${seller}`,
    said: (seller: string, part: string) => `${seller}: ${part} read`,
  },
  listings: {
    best: 'Best here',
    order: 'highest score first',
    artist: 'Artist, title, pressing',
    grade: 'Media / sleeve, seller',
    wants: 'Wants',
    score: 'Score',
    price: 'Price',
    none: 'No listings yet',
    noneWhy: 'Read a seller’s stock, and what is worth buying stands here.',
    wanted: (want: number) => count(want),
    have: (have: number) => `${count(have)} have`,
    notGraded: 'not graded',
    keeper: 'keeper',
    stale: (age: string) => `read ${age} ago`,
    gone: 'sold or withdrawn',
    unknownPrice: 'no price',
  },
  sellers: {
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
    noneHow: 'cratewise pull SELLER',
  },
  health: {
    title: 'Cratewise here',
    good: 'All is well.',
    bad: 'Something is missing.',
    database: 'Database',
    migrations: 'Schema',
    workers: 'Workers',
    ok: 'good',
    notOk: 'missing',
  },
} as const
