import { useState } from 'react'

import { toast } from '@/lib/toasts'
import { Bones } from '@/ui/Bones'
import { Button } from '@/ui/Button'
import { Choice } from '@/ui/Choice'
import { Dialog } from '@/ui/Dialog'
import { Facts } from '@/ui/Facts'
import { Field } from '@/ui/Field'
import { Meter } from '@/ui/Meter'
import { PageHead } from '@/ui/PageHead'
import { Contributions } from '@/ui/plots/Contributions'
import { Landscape } from '@/ui/plots/Landscape'
import { Spines } from '@/ui/plots/Spines'
import { Steps } from '@/ui/plots/Steps'
import { Record } from '@/ui/Record'
import { RecordBones } from '@/ui/RecordBones'
import { Secret } from '@/ui/Secret'
import { Section } from '@/ui/Section'
import { Sleeve } from '@/ui/Sleeve'
import { StateBox } from '@/ui/StateBox'
import { Sticker } from '@/ui/Sticker'
import { Switch } from '@/ui/Switch'
import { VerdictMark } from '@/ui/VerdictMark'

const KINDS = ['plain', 'main', 'keep', 'skip', 'bare', 'loss'] as const
const STICKERS = ['usual', 'deal', 'drop', 'stale', 'gone'] as const
const DAY = 86_400_000

/** Every part once, in development: what it looks like at rest, pressed, refused and empty. */
export function ComponentsPage() {
  return (
    <>
      <PageHead title="Components" note="in development only; the switch above shows the other theme" />
      <div className="grid gap-8 desk:grid-cols-2 desk:gap-11">
        <Controls />
        <Words />
        <Records />
        <States />
        <Plots />
      </div>
    </>
  )
}

function Controls() {
  const [way, setWay] = useState<'one' | 'list'>('one')
  const [isOn, setIsOn] = useState(true)
  const [isOpen, setIsOpen] = useState(false)
  return (
    <Section title="Controls">
      <div className="grid gap-4">
        {[{}, { isSmall: true }, { disabled: true }, { isBusy: true }].map((state, row) => (
          <div key={row} className="flex flex-wrap gap-2">
            {KINDS.map((kind) => (
              <Button key={kind} kind={kind} {...state}>
                {kind}
              </Button>
            ))}
          </div>
        ))}
        <div className="flex flex-wrap items-center gap-2">
          <Button kind="keep" keyName="k">
            Keep
          </Button>
          <Button cost="394 requests, 7 min">Start the pull</Button>
          <Button onClick={() => toast('Skipped Cardinal Motel: Vacancy', () => undefined)}>Toast</Button>
          <Button onClick={() => setIsOpen(true)}>Dialog</Button>
          <Choice label="How many" options={{ one: 'One', list: 'Ten' }} chosen={way} onChoose={setWay} />
          <Switch isOn={isOn} label="Something" onChange={setIsOn}>
            Something
          </Switch>
        </div>
        <Field label="A field" placeholder="what it is for" />
        <Field label="A field that was refused" defaultValue="a fortune" fault="“a fortune” is no amount of money." />
        <label>
          <span className="note">A fader</span>
          <input type="range" className="fader" />
        </label>
      </div>
      {isOpen && (
        <Dialog title="A dialog" onClose={() => setIsOpen(false)}>
          <p className="mb-3">Only where an undo cannot help.</p>
          <Button onClick={() => setIsOpen(false)}>Close</Button>
        </Dialog>
      )}
    </Section>
  )
}

function Words() {
  return (
    <Section title="Words and marks" note="a divider with a note" end="and an end">
      <div className="grid gap-3">
        <p className="font-divider text-show">Show 64</p>
        <p className="font-divider text-title">Title 44</p>
        <p className="font-divider text-head">Head 28</p>
        <p className="font-divider text-tab">Tab 20</p>
        <p className="text-lead">Lead 16: twelve people want each copy.</p>
        <p>Text 14: searching and judging go on.</p>
        <p className="font-data text-data">Data 14: Faro DF-207 · 1983 · LP</p>
        <p className="note">Note 12: read 31 h ago</p>
        <p className="flex flex-wrap items-center gap-3">
          {STICKERS.map((kind) => (
            <Sticker key={kind} kind={kind}>
              € 12.50
            </Sticker>
          ))}
          <Sticker isBig>€ 37.50</Sticker>
        </p>
        <p className="flex gap-3">
          <VerdictMark verdict="keep" />
          <VerdictMark verdict="skip" />
          <VerdictMark verdict={undefined} />
        </p>
        <Facts facts={[['Label', 'Discos Faro DF-207'], ['Grade', 'VG+ / VG']]} />
        <Secret words="Shown this once." secret="cw_0123456789" />
      </div>
    </Section>
  )
}

function Records() {
  const names = ['Isla Cormorán', 'Hexenstuhl', 'Marrow Tide', 'Abena Koto Band', '銀河鉄道', 'Søren Bouton']
  return (
    <Section title="Sleeves">
      <div className="mb-5 grid grid-cols-6 gap-2">
        {names.map((artist) => (
          <Sleeve key={artist} artist={artist} title="Bajamar" />
        ))}
        {names.map((artist) => (
          <Sleeve key={artist} artist={artist} title="Single" label={artist} isCut />
        ))}
      </div>
      <div className="max-w-80">
        <Record words={{ artist: 'Isla Cormorán', title: 'Bajamar' }}>
          <Sticker isBig>€ 37.50</Sticker>
        </Record>
      </div>
    </Section>
  )
}

function States() {
  return (
    <Section title="States">
      <div className="grid gap-4">
        <StateBox title="No sellers yet">
          <p>Name one whose stock you would like to go through.</p>
        </StateBox>
        <StateBox title="This could not be shown" isBad>
          <p>Discogs answered that kelderplaat is on holiday.</p>
        </StateBox>
        <Meter part={0.62} label="Reading" />
        <Meter part={null} label="Waiting" />
        <Bones lines={3} />
        <RecordBones />
      </div>
    </Section>
  )
}

function Plots() {
  const dots = Array.from({ length: 80 }, (_, at) => ({
    x: ((at * 37) % 80) / 80,
    y: 1 - ((at * 17) % 80) / 90,
    chance: ((at * 37) % 80) / 3200,
  }))
  return (
    <Section title="Plots" className="desk:col-span-full">
      <div className="grid gap-8 desk:grid-cols-2">
        <Contributions
          label="What speaks for and against"
          parts={[
            { name: '12 wants to a have', amount: 0.98, note: '24 of 28' },
            { name: 'VG sleeve', amount: -0.43, note: '2 of 9' },
          ]}
        />
        <Steps
          label="Two changes of price"
          until={30 * DAY}
          steps={[
            { at: 0, value: 32, words: '€ 32.00' },
            { at: 9 * DAY, value: 29, words: '€ 29.00' },
            { at: 25 * DAY, value: 19.5, words: '€ 19.50' },
          ]}
        />
        <Landscape
          dots={dots}
          picked={39}
          label="Candidates"
          axes={{ x: 'novelty', y: 'utility' }}
          slope={0.8}
          say={(place) => `Candidate ${place}`}
        />
        <Spines
          label="A crate"
          budget={6000}
          postage={600}
          records={[1200, 900, 1800].map((minor, id) => ({ id, artist: `Artist ${id}`, minor }))}
        />
      </div>
    </Section>
  )
}
