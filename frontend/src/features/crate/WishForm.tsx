import { type SubmitEvent, useId, useState } from 'react'

import { text } from '@/lib/text'
import { Button } from '@/ui/Button'
import { Field } from '@/ui/Field'

import type { Wish } from './queries'

interface WishFormProps {
  sellers: readonly string[]
  /** In which the budget counts, unless another is typed. */
  currency: string
  isBusy: boolean
  fault: string | undefined
  onWish: (wish: Wish) => void
}

/** How much to spend, at whom, on how many. */
export function WishForm({ sellers, currency, isBusy, fault, onWish }: WishFormProps) {
  const [budget, setBudget] = useState('60')
  const [seller, setSeller] = useState('')
  const [most, setMost] = useState('')
  const [grade, setGrade] = useState('')
  const id = useId()
  const send = (event: SubmitEvent) => {
    event.preventDefault()
    onWish({
      budget,
      sellers: seller ? [seller] : [],
      ...(most && { most_records: Number(most) }),
      ...(grade && { min_grade: grade }),
      by: 'demand',
      must: [],
      without: [],
      formats: [],
      with_owned: false,
    })
  }
  return (
    <form
      onSubmit={send}
      className="mb-7 grid items-start gap-3 tablet:grid-cols-[repeat(4,minmax(0,1fr))_auto]"
    >
      <Field
        label={text.crate.budget(currency)}
        value={budget}
        onChange={(event) => setBudget(event.target.value)}
        fault={fault}
        inputMode="decimal"
        required
        maxLength={20}
      />
      <div>
        <label htmlFor={id} className="mb-1 block text-note text-ink-2">
          {text.crate.from}
        </label>
        <select id={id} className="field" value={seller} onChange={(event) => setSeller(event.target.value)}>
          <option value="">{text.crate.everybody}</option>
          {sellers.map((name) => (
            <option key={name}>{name}</option>
          ))}
        </select>
      </div>
      <Field
        label={text.crate.most}
        value={most}
        onChange={(event) => setMost(event.target.value)}
        type="number"
        min={1}
        max={10_000}
        placeholder={text.crate.asMany}
      />
      <Field
        label={text.crate.grade}
        value={grade}
        onChange={(event) => setGrade(event.target.value)}
        placeholder={text.crate.any}
        maxLength={10}
      />
      <Button type="submit" kind="main" className="tablet:mt-5" isBusy={isBusy}>
        {text.crate.pack}
      </Button>
    </form>
  )
}
