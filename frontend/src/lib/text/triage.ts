/** Triage: verdicts, listening, wants. */
import { count, many } from '../format'

export const triage = {
  note: 'Ten at a time. A verdict counts at once and can be undone.',
  empty: 'Nothing waits for a verdict',
  emptyWhy: 'All that may be asked about has been judged, or no stock was read yet: follow a seller, and there is more.',
  more: 'Ten more',
  place: (place: number, of: number) => `${place} of ${of}`,
  as: 'How the ten are shown',
  ways: { one: 'One', list: 'Ten' },
  ten: 'The ten that wait for a verdict',
  hide: 'Hide',
  hideMore: 'label, artist, style',
  hideTitle: 'Hide what?',
  hideLabel: (label: string) => `The label ${label}`,
  hideArtist: (artist: string) => `The artist ${artist}`,
  hideStyle: (style: string) => `The style ${style}`,
  hideWhy: 'What is hidden is shown nowhere, until you show it again in Settings. It is no verdict.',
  hideSeller: (seller: string) => `The seller ${seller}`,
  hidden: (name: string) => `${name} is hidden`,
  because: {
    exploit: 'likely',
    explore: 'exploring',
    uniform: 'by chance',
    cover: 'new ground',
  } as Record<string, string>,
  keepChance: 'Chance that you keep it',
  noModel: 'No model has learned from you yet; the rule’s reason stands below.',
  learned: 'Judged so far',
  counts: (keeps: number, skips: number) => `${count(keeps)} kept, ${count(skips)} skipped`,
  meter: 'Verdicts before a model may take over',
  missing: (missing: string) => `${missing} more, and a model may take over from the rule.`,
  refitIn: (verdicts: number) => `${many(verdicts, 'more verdict')} and it is learned again.`,
  refitDue: 'It is being learned again, in the background.',
  cut: (threshold: string) => `It calls a keeper what is kept with ${threshold} or more.`,
  left: (left: number) => `${many(left, 'listing')} more may be asked about.`,
  all: 'All ten are judged',
  allWhy: 'Take one back with u, or go on.',
} as const

export const listening = {
  listen: 'Listen',
  stop: 'Stop',
  again: 'space stops it',
  loads: (videos: number) =>
    videos === 0 ? 'at Discogs, opens there' : `${many(videos, 'video')}, loads on press`,
  video: (at: number, of: number, name: string) => `Video ${at} of ${of} of ${name}`,
  place: (at: number, of: number) => `${at} of ${of}`,
  next: 'Next video',
  title: 'Listen',
  note: 'videos that the catalogue names',
  load: (videos: number) => `Load ${many(videos, 'video')}`,
  before: 'Nothing is asked of YouTube before you press.',
  none: 'The catalogue of this machine names no video of it.',
  atDiscogs: 'Look at Discogs',
} as const

export const wants = {
  want: 'Wantlist',
  add: 'Add to wantlist',
  is: 'on it',
  isOn: 'On your wantlist',
  cost: '1 request, in 10 s',
  oneRequest: '1 request',
  added: (name: string) => `On your wantlist: ${name}`,
  already: (name: string) => `It was on your wantlist already: ${name}`,
} as const
