/** Settings: everything that is yours to change. */
import { many, until } from '../format'

const every = (times: number, unit: string) => (times === 1 ? `every ${unit}` : `every ${many(times, unit)}`)

export const settings = {
  covers: 'Covers',
  coversOn: 'real ones, as they come',
  coversOff: 'drawn from artist and title',
  coversLabel: 'Show real covers',
  coversWhy:
    'Cratewise asks Discogs’ image host for them, 30 a minute at most, and keeps them on this computer for a month. Your browser asks nobody but Cratewise. Off, nothing is asked for. Kept in this browser.',
  money: 'Money and place',
  currency: 'Currency to compare prices in',
  country: 'Country that records are sent to, two letters',
  save: 'Save',
  saved: 'Saved',
  fixed: (name: string) => `Set by CRATEWISE_${name.toUpperCase()}; unset that to change it here.`,
  hidden: 'Hidden',
  hiddenNote: 'shown nowhere',
  noneHidden: 'You hide nothing.',
  show: 'Show again',
  shown: (name: string) => `${name} is shown again`,
  postage: 'Postage to you',
  postageNote: (country: string) => `to ${country}, as you entered it`,
  noPostage: 'No postage entered: landed prices are unknown.',
  addPostage: 'Note postage',
  by: 'Whose postage',
  bys: { seller: 'One seller’s', origin: 'From a country' },
  whose: { seller: 'Seller’s name', origin: 'Country, as listings write it' },
  first: 'First record',
  further: 'Each further',
  paidIn: 'Paid in',
  from: (country: string) => `from ${country}`,
  forgetRule: 'Forget',
  forgotten: 'Postage forgotten',
  freshness: 'Freshness',
  freshnessWhy: {
    mark: 'A price that was read more than six hours ago is shown dashed, with its age; a look at Discogs costs one request.',
    hide: 'A price that was read more than six hours ago is neither shown nor reckoned with, in sums, limits and exports, until the listing is checked again, for one request.',
  },
  freshnessWhich: 'Prices older than six hours',
  freshnessWays: { mark: 'Mark old prices', hide: 'Hide old prices' },
  freshnessFixed:
    'For everybody here: CRATEWISE_STALE_PRICES says so where Cratewise is started.',
  data: 'Your data',
  dataWhy:
    'Verdicts, wantlist, collection, records of the day and votes, searches, rules and what was learned, as a ZIP of plain lines of JSON. No password and no token is among them.',
  exportAll: 'Export everything',
  about: 'About',
  licences:
    'Made with React, TanStack, Litestar, SQLAlchemy, DBOS, scikit-learn, OR-Tools and others under permissive licences; type by Archivo, Archivo Narrow and League Gothic (SIL OFL). Catalogue data is Discogs’ monthly dump, CC0; rates are the European Central Bank’s.',
  here: 'This installation',
  version: 'Version',
  database: 'Database',
  quota: 'Discogs allows',
  aMinute: (requests: number) => `${many(requests, 'request')} a minute`,
  simulated: 'A simulated Discogs answers here.',
} as const

export const discogs = {
  title: 'Discogs',
  note: 'as whom Cratewise asks',
  notConnected:
    'Not connected. Without a token Discogs allows 25 requests a minute instead of 60, and tells nothing of your wantlist and collection.',
  told: 'CRATEWISE_DISCOGS_TOKEN is set, and goes before what is connected here.',
  username: 'Connected as',
  kind: 'By',
  kinds: { token: 'a token that you made', oauth: 'your permission on Discogs’ page' },
  since: 'Since',
  allows: 'Discogs allows',
  aMinute: (requests: number) => `${many(requests, 'request')} a minute`,
  forget: 'Disconnect',
  forgotten: 'Disconnected. To make the token worthless everywhere, revoke it at Discogs.',
  token: 'A personal access token',
  anotherToken: 'Another personal access token',
  tokenWhy: 'It is shown to Discogs to learn whose it is, and kept sealed; the page never sees it again.',
  makeOne: 'Make one at Discogs',
  connect: 'Connect',
  connected: (name: string) => `Connected as ${name}`,
  allow: 'Allow it on Discogs’ page',
  openPage: 'Open Discogs’ page',
  thenCode: 'and allow it there. It shows a code, which is worth 15 minutes.',
  code: 'Code of Discogs’ page',
} as const

export const schedules = {
  title: 'By itself',
  note: 'what is done while you do something else',
  last: (when: string) => `last ${when}`,
  never: 'not done yet',
  next: (at: string) => `next ${until(at)}`,
  often: (name: string) => `How often: ${name}`,
  every: (minutes: number) =>
    minutes % 1_440 === 0
      ? every(minutes / 1_440, 'day')
      : minutes % 60 === 0
        ? every(minutes / 60, 'hour')
        : every(minutes, 'minute'),
  on: 'on',
  off: 'off',
} as const

export const presets = {
  title: 'Keepers',
  note: 'what is marked as worth a look; one rule marks at a time, and none drops a listing',
  which: 'The rule that marks',
  of: (deed: string, name: string) => `${deed}: ${name}`,
  first: 'keeper',
  change: 'Change',
  forget: 'Forget',
  asShipped: 'As shipped',
  forgotten: (name: string) => (name === 'keeper' ? 'The rule is as shipped' : `Forgot ${name}`),
  another: 'Another rule',
  name: 'What you call it',
  taken: (name: string) => `You have a rule ${name} already; change that one, or say another name.`,
  formats: 'Words that the format holds, with commas between',
  grade: 'Media at least',
  anyGrade: 'any grade',
  wantsOverHaves: 'more people want it than own it',
  save: 'Save the rule',
  leave: 'Not now',
} as const

export const looks = {
  title: 'By itself',
  note: 'while Cratewise runs',
  kinds: { quick: 'What is new', full: 'The whole stock' } as Record<string, string>,
  often: (name: string) => `${name}: how often`,
  on: (name: string) => `${name}, by itself`,
  every: (span: string) => `every ${span}`,
  daily: 'every day',
  next: (when: string) => `next: ${when}`,
  off: 'Not planned.',
  changed: 'Schedule changed',
} as const

export const health = {
  title: 'Cratewise here',
  good: 'All is well.',
  bad: 'Something is missing.',
  database: 'Database',
  migrations: 'Schema',
  workers: 'Workers',
  ok: 'good',
  notOk: 'missing',
} as const
