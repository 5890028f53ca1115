import { type QueryFilters, useQueryClient } from '@tanstack/react-query'
import { useNavigate, useSearch } from '@tanstack/react-router'
import { useCallback, useEffect, useMemo, useState } from 'react'

import { type Asked, type Change, queryOf, readAsked, readQuery, toggled } from '@/features/search/asked'
import { page, type Suggestion } from '@/features/search/queries'

const REST_MILLISECONDS = 250 // between two letters of a slow typist: the address follows once they rest

const NO_LONGER_WANTED: QueryFilters = {
  queryKey: ['listings', 'search'],
  type: 'inactive',
  fetchStatus: 'fetching',
}

/** What is asked for, and ways to ask something else: by a part, letter by letter, by a name that
 * was suggested.  All of it stands in the address, words that are being typed a moment later. */
export function useAsked() {
  const client = useQueryClient()
  const navigate = useNavigate({ from: '/search' })
  const { address, words, isTyping, type, settle } = useWords()
  // The same object for as long as the same is asked: whatever was drawn of it stays.
  const query = queryOf(words === undefined ? address : readAsked({ ...address, q: words }))
  const asked = useMemo(() => readQuery(query), [query])
  const ask = useCallback((next: Asked) => void navigate({ search: next, resetScroll: true }), [navigate])
  // Made of what the address holds by then: a second click may come before the page has followed.
  const change = useCallback(
    (turn: Change) => void navigate({ search: (before) => turn(readAsked(before)), resetScroll: true }),
    [navigate],
  )
  const askWords = (next: string) => {
    // Asked for at the key itself, before anything is drawn; those of the letter before no more.
    const before = client.getQueryCache().findAll(NO_LONGER_WANTED)
    client.query(page(readAsked({ ...asked, q: next }), 1)).catch(() => undefined)
    for (const query of before) void query.cancel()
    type(next)
  }
  const askName = ({ kind, name }: Suggestion) => {
    const without = readAsked({ ...asked, q: undefined })
    if (kind === 'catalog_number') ask(readAsked({ ...without, q: name }))
    else ask(without[kind]?.includes(name) ? without : toggled(without, kind, name))
  }
  return { asked, isTyping, ask, change, askWords, settleWords: settle, askName }
}

/** The address, and words that were typed and do not stand in it yet. */
function useWords() {
  const address = useSearch({ from: '/search' })
  const navigate = useNavigate({ from: '/search' })
  const [typing, setTyping] = useState<Typing>({ address })
  if (typing.address !== address) {
    // Ours that follow a quick typist; anything else in it is a step back, or a link.
    const areOurs = typing.sent !== undefined && address.q === readAsked({ q: typing.sent }).q
    const isBehind = areOurs && typing.words !== typing.sent
    setTyping({ address, ...(isBehind && typing.words !== undefined && { words: typing.words }) })
  }
  const { words } = typing
  const settle = useCallback(() => {
    if (words === undefined) return
    setTyping((now) => ({ ...now, sent: words }))
    void navigate({
      search: (before) => readAsked({ ...before, q: words }),
      replace: true, // a step back leads out of the words, not letter by letter
    })
  }, [navigate, words])
  useEffect(() => {
    const wait = setTimeout(settle, REST_MILLISECONDS)
    return () => clearTimeout(wait)
  }, [settle])
  const type = (next: string) => setTyping((now) => ({ ...now, words: next }))
  const isTyping = words !== undefined && readAsked({ q: words }).q !== address.q
  return { address, words, isTyping, type, settle }
}

interface Typing {
  address: Asked
  words?: string
  /** Words that the address was told last. */
  sent?: string
}
