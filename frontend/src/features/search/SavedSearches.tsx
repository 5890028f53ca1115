import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { type SubmitEvent, useState } from 'react'

import { text } from '@/lib/text'
import { Button } from '@/ui/Button'
import { Dialog } from '@/ui/Dialog'

import { readQuery } from './asked'
import { type Alert, alerts, type Saved, searches, useForgetAlert, useForgetSearch, useTell, type Way } from './saved'
import { WayChoice } from './WayChoice'

/** Every search that is kept, what tells of each, and how to forget it. */
export function SavedSearches({ onClose }: { onClose: () => void }) {
  const { data } = useQuery(searches())
  const { data: told } = useQuery(alerts())
  return (
    <Dialog title={text.searches.title} onClose={onClose}>
      {data?.searches.length === 0 && <p className="mb-4 text-ink-2">{text.searches.none}</p>}
      <ul className="mb-4">
        {data?.searches.map((search) => (
          <SavedOne
            key={search.id}
            search={search}
            told={told?.alerts.filter((alert) => alert.search_id === search.id) ?? []}
            onClose={onClose}
          />
        ))}
      </ul>
      <Button onClick={onClose}>{text.keys.close}</Button>
    </Dialog>
  )
}

interface SavedOneProps {
  search: Saved
  told: readonly Alert[]
  onClose: () => void
}

function SavedOne({ search, told, onClose }: SavedOneProps) {
  const [isAsking, setIsAsking] = useState(false)
  const forget = useForgetSearch()
  return (
    <li className="border-b border-rule py-3">
      <div className="flex items-baseline gap-3">
        <Link
          to="/search"
          search={readQuery(search.query)}
          className="min-w-0 flex-1 truncate font-semibold"
          onClick={onClose}
        >
          {search.name}
        </Link>
        <Button isSmall onClick={() => setIsAsking(!isAsking)} aria-expanded={isAsking}>
          {text.searches.tellMe}
        </Button>
        <Button isSmall kind="bare" onClick={() => forget.mutate({ search, told })}>
          {text.searches.forget}
        </Button>
      </div>
      {told.map((alert) => (
        <AlertLine key={alert.id} alert={alert} />
      ))}
      {isAsking && <TellForm search={search} onTold={() => setIsAsking(false)} />}
    </li>
  )
}

function AlertLine({ alert }: { alert: Alert }) {
  const forget = useForgetAlert()
  const name = text.searches.ways[alert.way]
  return (
    <p className="flex items-baseline gap-2 font-data text-data text-ink-2">
      <span className="min-w-0 flex-1 truncate">
        {alert.feed ? <a href={alert.feed}>{name}</a> : name} {alert.target}
        {` · ${text.searches.counts(alert.sent, alert.waiting, alert.failed)}`}
      </span>
      <Button isSmall kind="bare" onClick={() => forget.mutate(alert)}>
        {text.searches.silence}
      </Button>
    </p>
  )
}

function TellForm({ search, onTold }: { search: Saved; onTold: () => void }) {
  const [way, setWay] = useState<Way | ''>('feed')
  const [target, setTarget] = useState('')
  const tell = useTell()
  const send = (event: SubmitEvent) => {
    event.preventDefault()
    if (way) tell.mutate({ search_id: search.id, way, target, may_be_private: false }, { onSuccess: onTold })
    else onTold()
  }
  return (
    <form onSubmit={send} className="mt-2 grid gap-2">
      <WayChoice way={way} target={target} onWay={setWay} onTarget={setTarget} />
      {tell.error && (
        <p role="alert" className="text-bad">
          {tell.error.message}
        </p>
      )}
      <Button type="submit" isSmall kind="main" className="justify-self-start" isBusy={tell.isPending}>
        {text.searches.tellMe}
      </Button>
    </form>
  )
}
