/**
 * Every sentence of the page, in one place, ready for a translation.
 * Plain, short, exact: what is, and what can be done.  Units always.
 */
import { first, home, pulls } from './home'
import { check, listing, listings, marks, why } from './listing'
import { account, people, signIn } from './people'
import { crate, day, plots } from './picks'
import { peek, search, searches } from './search'
import { postage, seller, sellers } from './sellers'
import { discogs, health, looks, presets, schedules, settings } from './settings'
import { keys, name, notices, shell, states, tabs, verdicts } from './shell'
import { taste } from './taste'
import { listening, triage, wants } from './triage'

export const text = {
  name,
  notices,
  shell,
  tabs,
  keys,
  verdicts,
  states,
  home,
  first,
  pulls,
  listings,
  marks,
  listing,
  why,
  day,
  plots,
  crate,
  taste,
  search,
  searches,
  peek,
  check,
  triage,
  listening,
  wants,
  signIn,
  discogs,
  schedules,
  account,
  people,
  seller,
  postage,
  looks,
  presets,
  settings,
  sellers,
  health,
} as const
