import { useQuery } from '@tanstack/react-query'
import { type KeyboardEvent, useId, useRef, useState } from 'react'

import { useKeys } from '@/lib/keys'
import { useRested } from '@/lib/rested'
import { text } from '@/lib/text'

import { suggestions, type Suggestion } from './queries'
import { Suggestions } from './Suggestions'

const FEWEST = 2 // letters; fewer begin too many names
const REST_MILLISECONDS = 100 // rows come first: names wait until the letters do

interface SearchFieldProps {
  words: string
  onWords: (words: string) => void
  /** Nothing more is typed for now. */
  onLeft: () => void
  /** A whole name was chosen instead of words. */
  onName: (name: Suggestion) => void
}

/** Words of artist, title, label, number, asked letter by letter; names are suggested. */
export function SearchField({ words, onWords, onLeft, onName }: SearchFieldProps) {
  const field = useRef<HTMLInputElement>(null)
  const id = useId()
  const { typed, type } = useTyped(words, onWords)
  const [isOpen, setIsOpen] = useState(false)
  const [at, setAt] = useState(-1)
  const rested = useRested(typed.trim(), REST_MILLISECONDS)
  const { data } = useQuery({
    ...suggestions(rested),
    enabled: isOpen && rested.length >= FEWEST,
  })
  const names = isOpen && typed.trim().length >= FEWEST ? (data?.suggestions ?? []) : []
  useKeys({ '/': () => field.current?.focus() })

  const close = () => {
    setIsOpen(false)
    setAt(-1)
  }
  const choose = (name: Suggestion) => {
    type('')
    close()
    onName(name)
  }
  const press = (event: KeyboardEvent<HTMLInputElement>) => {
    const chosen = names[at]
    if (event.key === 'ArrowDown' && names.length) setAt((at + 1) % names.length)
    else if (event.key === 'ArrowUp' && names.length) setAt(at <= 0 ? names.length - 1 : at - 1)
    else if (event.key === 'Enter' && chosen) choose(chosen)
    else if (event.key === 'Enter' || event.key === 'Escape') {
      close()
      event.currentTarget.blur()
    } else return
    event.preventDefault() // browsers empty the field at Esc else
  }
  return (
    <div role="search" className="relative min-w-0 flex-1 max-tablet:basis-full">
      <input
        ref={field}
        type="search"
        role="combobox"
        aria-label={text.search.words}
        aria-expanded={names.length > 0}
        aria-controls={`${id}-names`}
        aria-autocomplete="list"
        aria-activedescendant={at >= 0 ? `${id}-${at}` : undefined}
        placeholder={text.search.placeholder}
        className="field min-h-10! pr-9 text-lead"
        value={typed}
        onChange={(event) => {
          type(event.target.value)
          setIsOpen(true)
          setAt(-1)
        }}
        onKeyDown={press}
        onBlur={() => {
          close()
          onLeft()
        }}
        autoComplete="off"
        spellCheck={false}
        maxLength={1000}
      />
      <kbd aria-hidden="true" className="absolute top-2.5 right-3 max-tablet:hidden">
        /
      </kbd>
      <Suggestions id={id} names={names} at={at} onChoose={choose} />
    </div>
  )
}

/** What stands in the field: what was typed last, unless the address changed by itself. */
function useTyped(words: string, onWords: (words: string) => void) {
  const [typed, setTyped] = useState(words)
  const [seen, setSeen] = useState(words)
  const [told, setTold] = useState<readonly string[]>([])
  if (words !== seen) {
    setSeen(words)
    // The address follows a quick typist; anything else in it is a step back, or a link.
    const at = told.indexOf(words)
    setTold(told.slice(at + 1))
    if (at < 0) setTyped(words)
  }
  const type = (next: string) => {
    onWords(next) // first of all: whoever answers begins while the letter is drawn
    setTyped(next)
    setTold([...told, next])
  }
  return { typed, type }
}
