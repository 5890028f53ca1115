import { useQueries } from '@tanstack/react-query'

import { count } from '@/lib/format'
import { text } from '@/lib/text'
import { StateBox } from '@/ui/StateBox'

import { type Asked, withoutEach } from './asked'
import { total } from './queries'

const MOST = 6 // parts that are tried

/** Nothing was found: which part to give up, and what that would bring. */
export function Nothing({ asked, onAsk }: { asked: Asked; onAsk: (asked: Asked) => void }) {
  const ways = withoutEach(asked).slice(0, MOST)
  const totals = useQueries({ queries: ways.map((way) => total(way.asked)) })
  const found = ways
    .map((way, at) => ({ ...way, many: totals[at]?.data ?? 0 }))
    .filter((way) => way.many > 0)
  return (
    <StateBox title={text.search.none(ways.length)}>
      <p>{found.length ? text.search.noneBut : text.search.noneWhy}</p>
      <p className="flex flex-wrap gap-2">
        {found.map((way) => (
          <button key={way.part} type="button" className="button" onClick={() => onAsk(way.asked)}>
            {text.search.giveUp(way.part)} <span className="cost">{count(way.many)}</span>
          </button>
        ))}
      </p>
    </StateBox>
  )
}
