import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { type SubmitEvent, useState } from 'react'

import { answer, type Schema, server } from '@/api/server'
import { text } from '@/lib/text'
import { toast } from '@/lib/toasts'
import { Asked } from '@/ui/Asked'
import { Bones } from '@/ui/Bones'
import { Button } from '@/ui/Button'
import { Choice } from '@/ui/Choice'
import { Field } from '@/ui/Field'
import { Section } from '@/ui/Section'

import { postage } from './queries'

/** What sending records costs, as you noted it: landed prices are reckoned with it. */
export function Postage({ currency, currencies }: { currency: string; currencies: readonly string[] }) {
  const asked = useQuery(postage())
  const client = useQueryClient()
  const renew = () => client.invalidateQueries()
  const forget = useMutation({
    mutationFn: (rule: Schema['Rule']) =>
      answer(server.DELETE('/api/v1/postage/{rule_id}', { params: { path: { rule_id: rule.id } } })),
    onSuccess: (_, rule) => {
      const { seller, origin, currency, first_minor, further_minor, tiers, source } = rule
      const body = { seller, origin, currency, first_minor, further_minor, tiers, source }
      toast(text.settings.forgotten, () => void answer(server.POST('/api/v1/postage', { body })).then(renew))
      return renew()
    },
    onError: (error) => toast(error.message),
  })
  return (
    <Section title={text.settings.postage} note={asked.data && text.settings.postageNote(asked.data.country)}>
      <Asked query={asked} meanwhile={<Bones lines={2} />}>
        {({ rules }) => (
          <>
            {rules.length === 0 && <p className="text-ink-2">{text.settings.noPostage}</p>}
            <ul>
              {rules.map((rule) => (
                <li key={rule.id} className="flex items-center justify-between gap-3 border-b border-rule py-1.5">
                  <span className="min-w-0">
                    <b className="break-words">{whose(rule)}</b>
                    <span className="note block">{rule.sentence}</span>
                  </span>
                  <Button isSmall onClick={() => forget.mutate(rule)}>
                    {text.settings.forgetRule}
                    <span className="sr-only">{`: ${whose(rule)}`}</span>
                  </Button>
                </li>
              ))}
            </ul>
          </>
        )}
      </Asked>
      <Note currency={currency} currencies={currencies} onNoted={() => void renew()} />
    </Section>
  )
}

const whose = ({ seller, origin }: Schema['Rule']) => seller ?? text.settings.from(origin ?? '')

interface NoteProps {
  currency: string
  currencies: readonly string[]
  onNoted: () => void
}

/** A rule for one seller, or for all who send from a country. */
function Note({ currency, currencies, onNoted }: NoteProps) {
  const words = text.settings
  const [by, setBy] = useState<'seller' | 'origin'>('seller')
  const [whose, setWhose] = useState('')
  const [first, setFirst] = useState('')
  const [further, setFurther] = useState('')
  const [paid, setPaid] = useState(currency)
  const note = useMutation({
    mutationFn: (body: Schema['NewRule']) => answer(server.POST('/api/v1/postage', { body })),
    onSuccess: () => {
      setWhose('')
      setFirst('')
      setFurther('')
      onNoted()
    },
  })
  const send = (event: SubmitEvent) => {
    event.preventDefault()
    note.mutate({
      currency: paid,
      first_minor: minor(first, paid),
      source: '',
      ...(further && { further_minor: minor(further, paid) }),
      [by]: whose.trim(),
    })
  }
  return (
    <form onSubmit={send} className="mt-3 grid gap-2">
      <Choice label={words.by} options={words.bys} chosen={by} onChoose={setBy} />
      <div className="grid grid-cols-2 items-end gap-2 tablet:grid-cols-[minmax(0,1.4fr)_repeat(3,minmax(0,1fr))_auto]">
      <Field label={words.whose[by]} required value={whose} onChange={(event) => setWhose(event.target.value)} maxLength={100} />
      <Field label={words.first} value={first} onChange={(event) => setFirst(event.target.value)} inputMode="decimal" pattern="\d+([.,]\d+)?" required />
      <Field label={words.further} value={further} onChange={(event) => setFurther(event.target.value)} inputMode="decimal" pattern="\d+([.,]\d+)?" />
      <label className="block">
        <span className="mb-1 block text-note text-ink-2">{words.paidIn}</span>
        <select className="field" value={paid} onChange={(event) => setPaid(event.target.value)}>
          {currencies.map((code) => (
            <option key={code}>{code}</option>
          ))}
        </select>
      </label>
      <Button type="submit" isBusy={note.isPending}>
        {words.addPostage}
      </Button>
      </div>
      {note.error && (
        <p role="alert" className="text-bad">
          {note.error.message}
        </p>
      )}
    </form>
  )
}

/** "6,50" of a currency in its smallest units: 650. */
function minor(amount: string, currency: string): number {
  const format = new Intl.NumberFormat('en', { style: 'currency', currency })
  const digits = format.resolvedOptions().maximumFractionDigits ?? 2
  return Math.round(Number(amount.replace(',', '.')) * 10 ** digits)
}
