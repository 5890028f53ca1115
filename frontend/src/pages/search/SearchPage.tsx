import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { useDeferredValue, useMemo, useState } from 'react'

import { useJudging } from '@/features/judging/useJudging'
import { useCheck } from '@/features/listings/check'
import type { Listing } from '@/features/listings/queries'
import { RefreshPrices } from '@/features/listings/RefreshPrices'
import { isNarrow as leavesOut, queryOf, readAsked, readQuery } from '@/features/search/asked'
import { Chips } from '@/features/search/Chips'
import { Facets } from '@/features/search/Facets'
import { Nothing } from '@/features/search/Nothing'
import { page } from '@/features/search/queries'
import { SearchField } from '@/features/search/SearchField'
import { NoStock } from '@/features/sellers/NoStock'
import { settings } from '@/features/settings/queries'
import { HideDialog } from '@/features/triage/HideDialog'
import { useKeys } from '@/lib/keys'
import { useRested } from '@/lib/rested'
import { useHasNoPeek, useIsNarrow } from '@/lib/screen'
import { text } from '@/lib/text'
import { Asked as Answer } from '@/ui/Asked'
import { Bones } from '@/ui/Bones'
import { Source } from '@/ui/Source'

import { Keep } from './Keep'
import { Peek } from './Peek'
import { Results } from './Results'
import { SortChoice } from './SortChoice'
import { useAsked } from './useAsked'
import { useDeeds } from './useDeeds'

const REST_MILLISECONDS = 60 // the panel follows once the cursor rests

/** Words and facets on what is for sale; the whole search stands in the address. */
export function SearchPage() {
  const { asked, isTyping: areLettersTyped, ask, change, askWords, settleWords, askName } = useAsked()
  const [folded, setFolded] = useState({ facets: false, peek: false })
  const [isOpen, setIsOpen] = useState(false)
  const [looked, setLooked] = useState<Listing>()
  const judging = useJudging()
  const check = useCheck()
  const deeds = useDeeds(looked)
  const isNarrow = useIsNarrow()
  const hasPeek = !useHasNoPeek() && !folded.peek
  useKeys({
    '[': () => setFolded({ ...folded, facets: !folded.facets }),
    ']': () => setFolded({ ...folded, peek: !folded.peek }),
    f: () => document.querySelector<HTMLElement>('#facets input')?.focus(),
    r: () => (looked ? check.mutate(looked.id) : false),
    w: deeds.want,
    c: deeds.putAside,
    h: deeds.askWhatToHide,
  })
  const first = useQuery({ ...page(asked, 1), placeholderData: keepPreviousData })
  // The rows of the search before stay until those of this one are there.
  const [shown, setShown] = useState(asked)
  if (shown !== asked && first.data && !first.isPlaceholderData) setShown(asked)
  // Rows come first: what stands beside them is drawn behind them, and asked for once the keys rest.
  const filters = queryOf(readAsked({ ...asked, q: undefined })) // what is typed changes no box
  const followed = useDeferredValue(useMemo(() => readQuery(filters), [filters]))
  const isTyping = shown !== asked || areLettersTyped
  const peeked = useRested(looked, REST_MILLISECONDS, { isHeld: isTyping })
  const total = first.data?.count ?? 0
  const currency = useQuery(settings()).data?.currency ?? ''
  return (
    <>
      <title>{`${text.tabs.search} · ${text.name}`}</title>
      <h1 className="sr-only">{text.tabs.search}</h1>
      <div className={`search ${folded.facets ? 'no-facets' : ''} ${hasPeek ? '' : 'no-peek'}`}>
        <aside id="facets" aria-label={text.search.filters} className={isOpen ? 'drawer' : 'max-desk:hidden'}>
          {!folded.facets && (
            <Facets asked={followed} counted={shown} isTyping={isTyping} currency={currency} onChange={change} />
          )}
        </aside>
        <div className="grid min-w-0 content-start gap-3">
          <div className="flex flex-wrap gap-2">
            <SearchField words={asked.q ?? ''} onWords={askWords} onLeft={settleWords} onName={askName} />
            <Keep asked={asked} />
          </div>
          <Chips asked={asked} currency={currency} onAsk={ask} />
          <div className="flex flex-wrap items-center gap-x-4 gap-y-2">
            <p role="status" className="font-semibold">
              {first.data && text.search.found(total)}
            </p>
            <Source />
            {first.data && <RefreshPrices listings={first.data.listings} />}
            <span className="ml-auto flex items-center gap-2">
              <button
                type="button"
                className="button small desk:hidden"
                aria-expanded={isOpen}
                aria-controls="facets"
                onClick={() => setIsOpen(!isOpen)}
              >
                {isOpen ? text.search.hideFilters : text.search.filters}
              </button>
              <SortChoice asked={asked} onAsk={ask} />
            </span>
          </div>
          <Answer query={first} meanwhile={<Bones lines={12} height="h-13" />}>
            {() =>
              total ? (
                <Results
                  key={String(isNarrow)}
                  isNarrow={isNarrow}
                  asked={shown}
                  isTyping={isTyping}
                  total={total}
                  judging={judging}
                  onLook={setLooked}
                />
              ) : leavesOut(shown) ? (
                <Nothing asked={shown} onAsk={ask} />
              ) : (
                <NoStock title={text.listings.none}>{text.search.noStock}</NoStock>
              )
            }
          </Answer>
        </div>
        {hasPeek && (
          <aside aria-label={text.peek.name} className="peek">
            {peeked && total > 0 && (
              <Peek
                listing={peeked}
                onJudge={judging.judge}
                onCheck={check.mutate}
                isChecking={check.isPending}
                deeds={deeds}
              />
            )}
          </aside>
        )}
      </div>
      {deeds.isHiding && looked && (
        <HideDialog listing={looked} onClose={deeds.leaveHiding} onHide={deeds.hide} />
      )}
    </>
  )
}
