import { sleeveOf } from '@/lib/sleeve'
import { text } from '@/lib/text'
import { Sleeve } from '@/ui/Sleeve'
import { VerdictMark } from '@/ui/VerdictMark'

import type { Shown } from './queries'

interface TableProps {
  shown: readonly Shown[]
  place: number
  verdicts: ReadonlyMap<number, 'keep' | 'skip'>
  onGo: (place: number) => void
}

/** The ten on the table: what was judged, where one is, what is to come. */
export function Table({ shown, place, verdicts, onGo }: TableProps) {
  return (
    <ol className="flex flex-wrap gap-1.5 max-tablet:gap-1">
      {shown.map(({ listing }, at) => {
        const verdict = verdicts.get(listing.id)
        const name = `${text.triage.place(at + 1, shown.length)}: ${listing.artist}, ${listing.title}`
        return (
          <li key={listing.id}>
            <button
              type="button"
              aria-label={name}
              aria-current={at === place}
              onClick={() => onGo(at)}
              className="relative block size-10 rounded-paper max-tablet:size-8 outline-offset-2 aria-[current=true]:ring-2 aria-[current=true]:ring-ink"
            >
              <Sleeve {...sleeveOf(listing)} />
              {verdict && (
                <span className="absolute -right-1 -bottom-1 rounded-full bg-sleeve">
                  <VerdictMark verdict={verdict} />
                </span>
              )}
            </button>
          </li>
        )
      })}
    </ol>
  )
}
