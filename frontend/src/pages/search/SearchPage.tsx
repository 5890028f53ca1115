import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { useNavigate, useSearch } from '@tanstack/react-router'
import { useCallback, useId, useState } from 'react'

import { type Asked, readAsked, SORTS } from '@/features/search/asked'
import { Chips } from '@/features/search/Chips'
import { Facets } from '@/features/search/Facets'
import { page } from '@/features/search/queries'
import { SearchField } from '@/features/search/SearchField'
import { text } from '@/lib/text'
import { Asked as Answer } from '@/ui/Asked'
import { Bones } from '@/ui/Bones'
import { Button } from '@/ui/Button'
import { StateBox } from '@/ui/StateBox'

import { Results } from './Results'

/** Words and facets on what is for sale; the whole search stands in the address. */
export function SearchPage() {
  const asked = useSearch({ from: '/search' })
  const navigate = useNavigate({ from: '/search' })
  const [isOpen, setIsOpen] = useState(false)
  const ask = useCallback(
    (next: Asked) => void navigate({ search: next, resetScroll: true }),
    [navigate],
  )
  const askWords = useCallback(
    (words: string) =>
      void navigate({
        search: (before) => readAsked({ ...before, q: words }),
        replace: true, // a step back leads out of the words, not letter by letter
      }),
    [navigate],
  )
  const first = useQuery({ ...page(asked, 1), placeholderData: keepPreviousData })
  return (
    <>
      <title>{`${text.tabs.search} · ${text.name}`}</title>
      <h1 className="sr-only">{text.tabs.search}</h1>
      <div className="grid gap-6 desk:grid-cols-[13rem_minmax(0,1fr)]">
        <aside aria-label={text.search.filters} className="max-desk:hidden">
          <Facets asked={asked} onAsk={ask} />
        </aside>
        <div className="grid min-w-0 content-start gap-3">
          <SearchField words={asked.q ?? ''} onWords={askWords} />
          <Chips asked={asked} onAsk={ask} />
          <div className="flex flex-wrap items-center gap-x-4 gap-y-2">
            <p role="status" className="font-semibold">
              {first.data && text.search.found(first.data.count ?? 0)}
            </p>
            <span className="ml-auto flex items-center gap-2">
              <Button
                isSmall
                className="desk:hidden"
                aria-expanded={isOpen}
                onClick={() => setIsOpen(!isOpen)}
              >
                {isOpen ? text.search.hideFilters : text.search.filters}
              </Button>
              <SortChoice asked={asked} onAsk={ask} />
            </span>
          </div>
          {isOpen && (
            <div className="rounded-card border border-rule bg-card p-4 desk:hidden">
              <Facets asked={asked} onAsk={ask} />
            </div>
          )}
          <Answer query={first} meanwhile={<Bones lines={12} height="h-13" />}>
            {({ count }) =>
              count ? (
                <Results key={JSON.stringify(asked)} asked={asked} total={count} />
              ) : (
                <StateBox title={text.search.none}>
                  <p>{text.search.noneWhy}</p>
                </StateBox>
              )
            }
          </Answer>
        </div>
      </div>
    </>
  )
}

function SortChoice({ asked, onAsk }: { asked: Asked; onAsk: (asked: Asked) => void }) {
  const id = useId()
  return (
    <label htmlFor={id} className="flex items-center gap-2 whitespace-nowrap">
      <span className="text-ink-2">{text.search.sort}</span>
      <select
        id={id}
        className="field w-auto!"
        value={asked.sort ?? 'score'}
        onChange={(event) => onAsk(readAsked({ ...asked, sort: event.target.value }))}
      >
        {SORTS.map((sort) => (
          <option key={sort} value={sort}>
            {text.search.sorts[sort]}
          </option>
        ))}
      </select>
    </label>
  )
}
