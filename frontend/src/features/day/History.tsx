import { useInfiniteQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useState } from 'react'

import { text } from '@/lib/text'
import { Button } from '@/ui/Button'
import { Section } from '@/ui/Section'
import { Sleeve } from '@/ui/Sleeve'

import { daysOf, monthAfter, monthOf } from './month'
import { type Pick, picks } from './queries'

const monthName = new Intl.DateTimeFormat('en-GB', { month: 'long', year: 'numeric', timeZone: 'UTC' })

/** The records of the days before, a month at a time; what was drawn last on a day stands for it. */
export function History({ pick }: { pick: Pick }) {
  const [month, setMonth] = useState(monthOf(pick.day))
  const asked = useInfiniteQuery(picks())
  const all = asked.data?.pages.flatMap((page) => page.picks) ?? []
  const ofDay = new Map([...all].reverse().map((one) => [one.day, one])) // the newest comes last
  const go = (by: number) => {
    setMonth(monthAfter(month, by))
    const oldest = all.at(-1)
    if (by < 0 && asked.hasNextPage && oldest && monthOf(oldest.day) >= monthAfter(month, by)) {
      void asked.fetchNextPage()
    }
  }
  const isNewest = month >= monthOf(all[0]?.day ?? pick.day)
  const isOldest = !asked.hasNextPage && month <= monthOf(all.at(-1)?.day ?? pick.day)
  return (
    <Section
      title={monthName.format(new Date(`${month}-01`))}
      note={text.day.historyNote}
      end={
        <span className="flex gap-1">
          <Button isSmall kind="bare" disabled={isOldest} onClick={() => go(-1)}>
            {text.day.monthBefore}
          </Button>
          <Button isSmall kind="bare" disabled={isNewest} onClick={() => go(1)}>
            {text.day.monthAfter}
          </Button>
        </span>
      }
    >
      <ol className="grid grid-cols-7 gap-1.5">
        {text.day.weekdays.map((name) => (
          <li key={name} className="note" aria-hidden="true">
            {name}
          </li>
        ))}
        {daysOf(month).map((day, at) =>
          day === null ? (
            <li key={at} aria-hidden="true" />
          ) : (
            <Day key={day} day={day} pick={ofDay.get(day)} isShown={day === pick.day} />
          ),
        )}
      </ol>
    </Section>
  )
}

function Day({ day, pick, isShown }: { day: string; pick: Pick | undefined; isShown: boolean }) {
  const number = Number(day.slice(8))
  if (!pick) {
    return (
      <li className="aspect-square border border-rule p-1 font-data text-note text-ink-3" aria-hidden="true">
        {number}
      </li>
    )
  }
  const vote = pick.votes.at(-1)
  return (
    <li>
      <Link
        to="/day"
        search={{ pick: pick.id }}
        aria-current={isShown ? 'date' : undefined}
        className="relative block no-underline aria-[current=date]:outline-2 aria-[current=date]:outline-offset-2 aria-[current=date]:outline-(--ink)"
      >
        <Sleeve artist={pick.was.artist} title={pick.was.title} />
        <span className="day-number">
          {number}
          <span className="sr-only">
            {text.day.ofDay(monthName.format(new Date(day)), pick.was.artist, pick.was.title)}
          </span>
        </span>
        {vote && (
          <span className="day-vote">
            <span className="sr-only">{text.day.yourVote}</span>
            {vote.desirability}
          </span>
        )}
      </Link>
    </li>
  )
}
