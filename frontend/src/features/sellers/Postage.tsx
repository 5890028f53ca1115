import { useQuery } from '@tanstack/react-query'
import { type SubmitEvent, useState } from 'react'

import { day, money } from '@/lib/format'
import { text } from '@/lib/text'
import { Asked } from '@/ui/Asked'
import { Bones } from '@/ui/Bones'
import { Button } from '@/ui/Button'
import { Facts } from '@/ui/Facts'
import { Field } from '@/ui/Field'
import { Section } from '@/ui/Section'

import { postage, type Rule, typedOf, useForgetPostage, useNotePostage } from './postage'
import type { Seller } from './queries'

/** What this seller takes to send records to you, and a way to say it. */
export function Postage({ seller }: { seller: Seller }) {
  const [isOpen, setIsOpen] = useState(false)
  return (
    <Section title={text.postage.title}>
      <Asked query={useQuery(postage())} meanwhile={<Bones lines={4} height="h-6" />}>
        {({ country, rules }) => {
          const key = seller.seller.toLowerCase()
          const rule = rules.find((one) => one.seller?.toLowerCase() === key)
          if (isOpen) {
            return <PostageForm seller={seller} rule={rule} onDone={() => setIsOpen(false)} />
          }
          return rule ? (
            <Noted rule={rule} onChange={() => setIsOpen(true)} />
          ) : (
            <>
              <p className="mb-3 text-ink-2">{text.postage.none(country)}</p>
              <Button isSmall onClick={() => setIsOpen(true)}>
                {text.postage.note}
              </Button>
            </>
          )
        }}
      </Asked>
    </Section>
  )
}

function Noted({ rule, onChange }: { rule: Rule; onChange: () => void }) {
  const forget = useForgetPostage()
  const { currency, first_minor: first, further_minor: further } = rule
  return (
    <>
      <Facts
        facts={[
          [text.postage.first, amountOf(first, currency)],
          [text.postage.further, amountOf(further, currency)],
          [text.postage.byWeight, rule.tiers.length ? rule.sentence : null],
          [text.postage.entered, `${day(rule.told_on)}, ${rule.country}`],
        ]}
      />
      <p className="note my-2">{text.postage.why}</p>
      <p className="flex gap-2">
        <Button isSmall onClick={onChange}>
          {text.postage.edit}
        </Button>
        <Button isSmall kind="bare" isBusy={forget.isPending} onClick={() => forget.mutate(rule)}>
          {text.settings.forgetRule}
        </Button>
      </p>
    </>
  )
}

const amountOf = (minor: number | null, currency: string) =>
  minor === null ? null : money({ minor, currency, amount: typedOf(minor, currency) })

interface PostageFormProps {
  seller: Seller
  rule: Rule | undefined
  onDone: () => void
}

function PostageForm({ seller, rule, onDone }: PostageFormProps) {
  const usual = rule?.currency ?? seller.currency ?? 'EUR'
  const [currency, setCurrency] = useState(usual)
  const [first, setFirst] = useState(typedOf(rule?.first_minor ?? null, usual))
  const [further, setFurther] = useState(typedOf(rule?.further_minor ?? null, usual))
  const note = useNotePostage(seller.seller, rule)
  const send = (event: SubmitEvent) => {
    event.preventDefault()
    note.mutate({ currency, first, further }, { onSuccess: onDone })
  }
  return (
    <form onSubmit={send} className="grid grid-cols-3 items-end gap-2">
      <Field
        label={text.postage.currency}
        value={currency}
        onChange={(event) => setCurrency(event.target.value.toUpperCase())}
        maxLength={3}
        required
      />
      <Field
        label={text.postage.first}
        value={first}
        onChange={(event) => setFirst(event.target.value)}
        inputMode="decimal"
        pattern="\d+([.,]\d+)?"
        required
        autoFocus
      />
      <Field
        label={text.postage.further}
        value={further}
        onChange={(event) => setFurther(event.target.value)}
        inputMode="decimal"
        pattern="\d+([.,]\d+)?"
        required
      />
      {note.error && (
        <p role="alert" className="col-span-3 text-bad">
          {note.error.message}
        </p>
      )}
      <p className="col-span-3 flex gap-2">
        <Button type="submit" isSmall kind="main" isBusy={note.isPending}>
          {text.settings.save}
        </Button>
        <Button isSmall onClick={onDone}>
          {text.seller.notNow}
        </Button>
      </p>
    </form>
  )
}
