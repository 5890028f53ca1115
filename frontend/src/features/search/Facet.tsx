import { type KeyboardEvent, type ReactNode, useLayoutEffect, useRef, useState } from 'react'

import { count } from '@/lib/format'
import { text } from '@/lib/text'

import { type Asked, type Change, type List, toggled, turned } from './asked'
import type { FacetValues, Value } from './queries'

const SHOWN = 8

export interface FacetProps {
  facet: FacetValues
  asked: Asked
  onChange: (change: Change) => void
}

/** Values with their counts, those of most first; some of them chosen. */
export function Facet({ facet, asked, onChange }: FacetProps) {
  return (
    <Group name={text.search.facets[facet.facet]}>
      <Values
        values={facet.values}
        choose={({ value }) => {
          const { isOn, turn } = chosen(facet.facet, value, asked)
          return { isOn, onPick: () => onChange(turn) }
        }}
      />
    </Group>
  )
}

interface GroupProps {
  name: string
  end?: ReactNode
  children: ReactNode
  onKeyDown?: (event: KeyboardEvent) => void
}

/** A part of the filters under its name. */
export function Group({ name, end, children, onKeyDown }: GroupProps) {
  return (
    <fieldset className="border-b border-rule py-3 first:pt-0" onKeyDown={onKeyDown}>
      <legend className="float-left mb-1 flex w-full items-baseline justify-between gap-2">
        <span className="font-semibold">{name}</span>
        {end}
      </legend>
      <div className="clear-both">{children}</div>
    </fieldset>
  )
}

interface ValuesProps {
  values: readonly Value[]
  choose: (value: Value) => { isOn: boolean; isOut?: boolean; onPick: () => void }
  /** What else can be done with a value, at its right. */
  also?: (value: Value) => ReactNode
}

/** The first values, and the rest when they are wished for. */
export function Values({ values, choose, also }: ValuesProps) {
  const [isWhole, setIsWhole] = useState(false)
  const shown = isWhole ? values : values.slice(0, SHOWN)
  const more = values.length - shown.length
  return (
    <>
      <ul>
        {shown.map((value) => (
          <li key={value.value} className="flex items-center">
            <Choice name={value.value} many={value.count} {...choose(value)} />
            {also?.(value)}
          </li>
        ))}
      </ul>
      {more > 0 && (
        <button type="button" className="note min-h-6 underline" onClick={() => setIsWhole(true)}>
          {text.search.more(more)}
        </button>
      )}
    </>
  )
}

interface ChoiceProps {
  name: string
  many?: number | undefined
  isOn: boolean
  isOut?: boolean
  onPick: () => void
}

/** A value to tick, with how many there are. */
export function Choice({ name, many, isOn, isOut = false, onPick }: ChoiceProps) {
  const box = useRef<HTMLInputElement>(null)
  // The browser ticks it at once and the address follows: React, were it to hold the tick, would
  // take it away until then.
  useLayoutEffect(() => {
    if (box.current) box.current.checked = isOn
  }, [isOn])
  return (
    <label className="flex min-h-6 min-w-0 flex-1 items-center gap-2 font-data text-data pointer-coarse:min-h-10">
      <input
        ref={box}
        type="checkbox"
        className="size-3.5 flex-none accent-ink"
        value={name}
        defaultChecked={isOn}
        onChange={onPick}
      />
      <span
        className={`min-w-0 flex-1 truncate ${isOn ? 'font-bold' : ''} ${isOut ? 'text-skip line-through' : ''}`}
      >
        {name}
      </span>
      {many !== undefined && <span className="text-ink-3">{count(many)}</span>}
    </label>
  )
}

/** Whether a value is chosen, and what a click on it does. */
function chosen(facet: FacetValues['facet'], value: string, asked: Asked): { isOn: boolean; turn: Change } {
  if (facet === 'grade') return { isOn: asked.min_grade === value, turn: turned('min_grade', value) }
  const list = facet as List
  return {
    isOn: asked[list]?.includes(value) ?? false,
    turn: (now) => toggled(now, list, value),
  }
}
