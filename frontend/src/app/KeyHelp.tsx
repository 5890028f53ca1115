import { useNavigate } from '@tanstack/react-router'
import { useRef, useState } from 'react'

import { useKeys, useSingleKeys } from '@/lib/keys'
import { text } from '@/lib/text'
import { Button } from '@/ui/Button'
import { Dialog } from '@/ui/Dialog'
import { Switch } from '@/ui/Switch'

const PLACES = {
  h: '/',
  s: '/search',
  t: '/triage',
  d: '/day',
  l: '/sellers',
  a: '/taste',
  c: '/crate',
  ',': '/settings',
} as const
const TOGETHER_MILLISECONDS = 1_500 // `g` and what follows it

/** Keys that hold everywhere: `?` for the list of them, `g` and a letter to go somewhere. */
export function KeyHelp() {
  const [isOpen, setIsOpen] = useState(false)
  const [areOn, choose] = useSingleKeys()
  const begunAt = useRef(-Infinity)
  const navigate = useNavigate()
  const go = (letter: keyof typeof PLACES) => () => {
    if (performance.now() - begunAt.current > TOGETHER_MILLISECONDS) return false
    begunAt.current = -Infinity
    void navigate({ to: PLACES[letter] })
    return true
  }
  useKeys(
    {
      '?': () => setIsOpen(true),
      g: () => {
        begunAt.current = performance.now()
      },
      h: go('h'),
      s: go('s'),
      t: go('t'),
      d: go('d'),
      l: go('l'),
      a: go('a'),
      c: go('c'),
      ',': go(','),
    },
    // Behind a `g` a letter names a place, whatever it does on the page.
    { isFirst: true },
  )
  return (
    <>
      <button
        type="button"
        className="grid size-6 place-items-center max-tablet:hidden"
        aria-label={text.keys.open}
        onClick={() => setIsOpen(true)}
      >
        <kbd>?</kbd>
      </button>
      {isOpen && (
        <Dialog title={text.keys.title} onClose={() => setIsOpen(false)}>
          <dl className="grid grid-cols-[auto_1fr] items-center gap-x-4 gap-y-1.5 font-data text-data">
            {text.keys.list.map(([keys, deed]) => (
              <div key={keys} className="contents">
                <dt>
                  <kbd>{keys}</kbd>
                </dt>
                <dd>{deed}</dd>
              </div>
            ))}
            {Object.entries(text.keys.places).map(([letter, place]) => (
              <div key={letter} className="contents">
                <dt>
                  <kbd>g</kbd> <kbd>{letter}</kbd>
                </dt>
                <dd>{`${text.keys.go} ${place}`}</dd>
              </div>
            ))}
          </dl>
          <p className="note my-3">{text.keys.off}</p>
          <div className="flex flex-wrap items-center justify-between gap-3">
            <Switch isOn={areOn} label={text.keys.single} onChange={choose}>
              {text.keys.single}
            </Switch>
            <Button onClick={() => setIsOpen(false)}>{text.keys.close}</Button>
          </div>
        </Dialog>
      )}
    </>
  )
}
