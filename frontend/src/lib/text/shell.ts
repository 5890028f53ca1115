/** The frame around every page: its tabs and keys, what verdicts are called, what goes wrong. */
import { count, many } from '../format'

export const name = 'Cratewise'

export const notices = {
  affiliation:
    'This application uses Discogs’ API but is not affiliated with, sponsored or endorsed by Discogs. ‘Discogs’ is a trademark of Zink Media, LLC.',
  source: 'Data provided by Discogs.',
} as const

export const shell = {
  skip: 'Skip to the page',
  pages: 'Pages',
  pagesAtHand: 'Pages at hand',
  morePages: 'More pages',
  home: 'Cratewise, home',
  dark: 'Dark',
  darkLabel: 'Dark theme',
  quota: 'Requests to Discogs in the moving minute, shared by page, command line and workers',
  left: (remaining: number, limit: number) => `${count(remaining)} of ${count(limit)} left`,
  lost: 'Cratewise does not answer. What is shown was read before; trying again.',
} as const

export const tabs = {
  home: 'Home',
  search: 'Search',
  triage: 'Triage',
  day: 'Record of the day',
  dayShort: 'Day',
  sellers: 'Sellers',
  taste: 'Taste',
  crate: 'Crate',
  settings: 'Settings',
} as const

export const keys = {
  title: 'Keys',
  open: 'Keyboard help',
  close: 'Close',
  go: 'Go to',
  list: [
    ['k', 'keep'],
    ['s', 'skip'],
    ['u', 'undo the last verdict'],
    ['space', 'listen, and stop; without a video open it at Discogs'],
    ['w', 'put it on the wantlist'],
    ['h', 'hide its label, artist, style or seller: then l, a, t, s'],
    ['c', 'put it aside for the crate, in Search'],
    ['v', 'one at a time or all ten, in Triage'],
    ['1 to 5', 'vote on the record of the day: how wanted, then how new'],
    ['r', 'check the price again, 1 request'],
    ['n', 'next record'],
    ['p', 'record before'],
    ['/', 'search words'],
    ['f', 'filters, in Search; x leaves a style out, a asks for all'],
    ['[', 'fold the filters; ] the panel beside the list'],
    ['PgDn', 'a screen on; Home and End, the first and the last'],
    ['Enter', 'open what has the focus'],
    ['Esc', 'close a dialog'],
    ['?', 'this list'],
  ],
  places: { h: 'Home', s: 'Search', t: 'Triage', d: 'Record of the day', l: 'Sellers', a: 'Taste', c: 'Crate', ',': 'Settings' },
  off: 'Single keys are off while you type.',
  single: 'Single keys',
  areOn: 'k keeps, s skips, ? shows them all',
  areOff: 'off; every deed has its button',
  why: 'Off, letters and signs do nothing by themselves, for those who dictate or whose hand slips; arrows, Enter and Esc stay. Kept in this browser.',
} as const

export const verdicts = {
  keep: 'Keep',
  skip: 'Skip',
  undo: 'Undo',
  keepMore: 'more like this',
  skipMore: 'less like this',
  mark: { keep: 'kept', skip: 'skipped', none: 'not judged' },
  said: (verdict: 'keep' | 'skip', name: string) =>
    `${verdict === 'keep' ? 'Kept' : 'Skipped'} ${name}`,
  undone: (name: string) => `Taken back: ${name}`,
  waiting: (verdicts: number) =>
    `${many(verdicts, 'verdict')} ${verdicts === 1 ? 'waits' : 'wait'} here and will be written when Cratewise answers again.`,
  recent: 'Just judged',
  recentNote: 'u takes the last one back',
  noneYet: 'Nothing yet.',
} as const

export const states = {
  loading: 'Loading',
  failed: 'This could not be shown',
  again: 'Try again',
  mistake: 'Something is wrong with this page',
  reload: 'Load the page anew',
  nothingHere: 'Nothing is here',
  nothingHereLong: 'No page has this address.',
  goHome: 'Go home',
  copy: 'Copy',
  copied: 'Copied',
} as const
