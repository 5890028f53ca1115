import { type KeyboardEvent, useState } from 'react'

import { text } from '@/lib/text'

import { toggled, withStyles } from './asked'
import { type FacetProps, Group, Values } from './Facet'

/** Styles: any of some, or all of them, and none of others. */
export function Styles({ facet, asked, onChange }: FacetProps) {
  const [wish, setWish] = useState<'style' | 'style_all'>('style')
  // An address that asks for all of some says so itself.
  const need = asked.style_all ? 'style_all' : asked.style ? 'style' : wish
  const turn = (to: 'style' | 'style_all') => {
    setWish(to)
    if (to !== need) onChange((now) => withStyles(now, to))
  }
  const exclude = (style: string) => onChange((now) => toggled(now, 'style_not', style))
  const press = (event: KeyboardEvent) => {
    if (event.key === 'a') turn(need === 'style' ? 'style_all' : 'style')
    else if (event.key === 'x' && event.target instanceof HTMLInputElement) exclude(event.target.value)
    else return
    event.preventDefault()
  }
  return (
    <Group
      name={text.search.facets.style}
      onKeyDown={press}
      end={
        <span className="flex gap-1 font-data text-note" role="group" aria-label={text.search.need.label}>
          {(['style', 'style_all'] as const).map((one) => (
            <button
              key={one}
              type="button"
              className={`min-h-6 px-1 ${one === need ? 'font-bold underline' : 'text-ink-2'}`}
              aria-pressed={one === need}
              onClick={() => turn(one)}
            >
              {text.search.need[one]}
            </button>
          ))}
        </span>
      }
    >
      <Values
        values={facet.values}
        choose={({ value }) => ({
          isOn: asked[need]?.includes(value) ?? false,
          isOut: asked.style_not?.includes(value) ?? false,
          onPick: () => onChange((now) => toggled(now, need, value)),
        })}
        also={({ value }) => (
          <button
            type="button"
            aria-pressed={asked.style_not?.includes(value) ?? false}
            aria-label={text.search.not(value)}
            title={text.search.not(value)}
            className="ml-1 size-6 flex-none rounded-paper text-skip hover:bg-well"
            onClick={() => exclude(value)}
          >
            −
          </button>
        )}
      />
    </Group>
  )
}
