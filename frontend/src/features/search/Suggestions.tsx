import { many } from '@/lib/format'
import { text } from '@/lib/text'

import type { Suggestion } from './queries'

interface SuggestionsProps {
  id: string
  names: readonly Suggestion[]
  /** Which is under the cursor; -1: none. */
  at: number
  onChoose: (name: Suggestion) => void
}

/** Names that begin with what was typed, or hold it, under the field. */
export function Suggestions({ id, names, at, onChoose }: SuggestionsProps) {
  return (
    <ul
      id={`${id}-names`}
      role="listbox"
      aria-label={text.search.suggestions}
      hidden={names.length === 0}
      className="absolute inset-x-0 top-full z-10 mt-1 max-h-[60vh] overflow-auto rounded-card border border-edge bg-card py-1 shadow-3"
    >
      {names.map((name, place) => (
        <li
          key={`${name.kind} ${name.name}`}
          id={`${id}-${place}`}
          role="option"
          aria-selected={place === at}
          className={`flex min-h-8 cursor-pointer items-center gap-3 px-3 font-data ${place === at ? 'bg-ink text-ink-on-ink' : 'hover:bg-well'}`}
          // The field keeps the focus; a press that blurred it would close this first.
          onPointerDown={(event) => event.preventDefault()}
          onClick={() => onChoose(name)}
        >
          <span className="w-20 flex-none text-note opacity-80">{text.search.kinds[name.kind]}</span>
          <span className="min-w-0 flex-1 truncate text-text">{name.name}</span>
          <span className="text-note opacity-80">
            {name.kind === 'seller' ? many(name.entries, 'listing') : many(name.entries, 'release')}
          </span>
        </li>
      ))}
    </ul>
  )
}
