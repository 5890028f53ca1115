import { useId } from 'react'

import { text } from '@/lib/text'
import { Field } from '@/ui/Field'

import type { Way } from './saved'

const WAYS = ['feed', 'terminal', 'webhook', 'mail'] as const

interface WayChoiceProps {
  way: Way | ''
  target: string
  onWay: (way: Way | '') => void
  onTarget: (target: string) => void
}

/** How a search tells what comes: not at all, as a feed, in the terminal, to an address. */
export function WayChoice({ way, target, onWay, onTarget }: WayChoiceProps) {
  const id = useId()
  const needsTarget = way === 'webhook' || way === 'mail'
  return (
    <div className="flex flex-wrap gap-3">
      <div>
        <label htmlFor={id} className="mb-1 block text-note text-ink-2">
          {text.searches.tell}
        </label>
        <select
          id={id}
          className="field w-auto!"
          value={way}
          onChange={(event) => onWay(event.target.value as Way | '')}
        >
          <option value="">{text.searches.ways.none}</option>
          {WAYS.map((one) => (
            <option key={one} value={one}>
              {text.searches.ways[one]}
            </option>
          ))}
        </select>
      </div>
      {needsTarget && (
        <Field
          label={text.searches.targets[way]}
          className="min-w-40 flex-1"
          type={way === 'mail' ? 'email' : 'url'}
          value={target}
          onChange={(event) => onTarget(event.target.value)}
          required
        />
      )}
    </div>
  )
}
