import { useEffect, useRef, useState } from 'react'

import { useKeys } from '@/lib/keys'
import { text } from '@/lib/text'

const REST_MILLISECONDS = 120 // a quick typist is not asked about every letter

interface SearchFieldProps {
  words: string
  onWords: (words: string) => void
}

/** Words of artist, title, label, number; `/` comes here. */
export function SearchField({ words, onWords }: SearchFieldProps) {
  const field = useRef<HTMLInputElement>(null)
  const [typed, setTyped] = useState(words)
  const [told, setTold] = useState(words)
  // The address changed by itself: back, forward, a link.
  if (words !== told) {
    setTold(words)
    setTyped(words)
  }
  useKeys({ '/': () => field.current?.focus() })
  useEffect(() => {
    if (typed === words) return
    const rest = setTimeout(() => {
      setTold(typed)
      onWords(typed)
    }, REST_MILLISECONDS)
    return () => clearTimeout(rest)
  }, [typed, words, onWords])
  return (
    <div role="search" className="relative">
      <input
        ref={field}
        type="search"
        aria-label={text.search.words}
        placeholder={text.search.placeholder}
        className="field min-h-10! pr-9 text-lead"
        value={typed}
        onChange={(event) => setTyped(event.target.value)}
        onKeyDown={(event) => {
          if (event.key !== 'Escape') return
          event.preventDefault() // browsers empty the field else
          event.currentTarget.blur()
        }}
        autoComplete="off"
        spellCheck={false}
        maxLength={1000}
      />
      <kbd aria-hidden="true" className="absolute top-2.5 right-3 max-tablet:hidden">
        /
      </kbd>
    </div>
  )
}
