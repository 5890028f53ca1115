/** What is told of a pull while it runs. */
import { percent, span } from '@/lib/format'
import { text } from '@/lib/text'

import type { Pull } from './queries'

/** Pages, listings, requests that it will still cost, how much of the stock is known by now. */
export function facts(pull: Pull): string[] {
  const { kind, pages, pages_planned: planned = null, seen, claimed = null, coverage = null } = pull
  // A look at the newest tells nothing of how much is known.
  const known = coverage ?? (claimed && kind !== 'quick' ? Math.min(seen / claimed, 1) : null)
  return [
    text.pulls.pages(pages, planned),
    text.pulls.listings(seen, claimed),
    ...(planned === null ? [] : [text.pulls.left(planned - pages)]),
    ...(known === null ? [] : [text.pulls.known(known)]),
    text.pulls.isNew(pull.new),
  ]
}

/** How far it is, and how long it still takes. */
export function standing(pull: Pull, part: number | null): string {
  if (part === null) return text.pulls.waiting
  const left = pull.eta_seconds
  if (left == null) return percent(part)
  return `${percent(part)}, ${left < 1 ? text.pulls.soon : text.pulls.toGo(span(left))}`
}
