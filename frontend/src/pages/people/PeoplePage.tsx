import { useInfiniteQuery, useQuery } from '@tanstack/react-query'
import { useState } from 'react'

import { session } from '@/api/session'
import { accounts, deeds, invitations, useInvite, useShut, useWithdraw } from '@/features/people/queries'
import { moment, until } from '@/lib/format'
import { text } from '@/lib/text'
import { Asked } from '@/ui/Asked'
import { Bones } from '@/ui/Bones'
import { Button } from '@/ui/Button'
import { Choice } from '@/ui/Choice'
import { PageHead } from '@/ui/PageHead'
import { Secret } from '@/ui/Secret'
import { Section } from '@/ui/Section'
import { StateBox } from '@/ui/StateBox'

/** Who is here, who is invited, who did what; for owners. */
export function PeoplePage() {
  const { data: who } = useQuery(session())
  if (who?.mode !== 'server' || who.role !== 'owner') {
    return (
      <>
        <PageHead title={text.people.title} />
        <StateBox title={text.people.notHere}>
          <p>{who?.mode === 'server' ? text.people.ownersOnly : text.people.alone}</p>
        </StateBox>
      </>
    )
  }
  return (
    <>
      <PageHead title={text.people.title} note={text.people.note} />
      <div className="grid gap-7 desk:grid-cols-2 desk:gap-11">
        <Accounts own={who.name ?? ''} />
        <Invitations />
      </div>
      <Deeds />
    </>
  )
}

function Accounts({ own }: { own: string }) {
  const shut = useShut()
  const words = text.people
  return (
    <Section title={words.accounts}>
      <Asked query={useQuery(accounts())} meanwhile={<Bones lines={3} />}>
        {(found) => (
          <ul>
            {found.map((one) => (
              <li key={one.name} className="flex items-center justify-between gap-3 border-b border-rule py-2">
                <span className="min-w-0">
                  <b className={one.is_disabled ? 'line-through' : ''}>{one.name}</b>{' '}
                  <span className="text-ink-3">{one.role}</span>
                  <span className="note block">
                    {[
                      words.since(moment(one.created_at)),
                      one.discogs_username && words.onDiscogs(one.discogs_username),
                      !one.has_password && words.noPassword,
                    ]
                      .filter(Boolean)
                      .join(' · ')}
                  </span>
                </span>
                {one.name !== own && (
                  <Button
                    isSmall
                    kind={one.is_disabled ? 'plain' : 'loss'}
                    onClick={() => shut.mutate({ name: one.name, isShut: !one.is_disabled })}
                  >
                    {one.is_disabled ? words.let : words.shut}
                    <span className="sr-only">{`: ${one.name}`}</span>
                  </Button>
                )}
              </li>
            ))}
          </ul>
        )}
      </Asked>
    </Section>
  )
}

function Invitations() {
  const [role, setRole] = useState<'member' | 'owner'>('member')
  const invite = useInvite()
  const withdraw = useWithdraw()
  const words = text.people
  return (
    <Section title={words.invitations} note={words.invitationsNote}>
      <div className="mb-3 flex flex-wrap gap-2">
        <Choice label={words.role} options={words.roles} chosen={role} onChoose={setRole} />
        <Button kind="main" isBusy={invite.isPending} onClick={() => invite.mutate(role)}>
          {words.invite}
        </Button>
      </div>
      {invite.data?.url && <Secret words={words.link} secret={invite.data.url} />}
      <Asked query={useQuery(invitations())} meanwhile={<Bones lines={1} />}>
        {(found) => (
          <ul>
            {found.map((one) => (
              <li key={one.id} className="flex items-center justify-between gap-3 border-b border-rule py-2">
                <span>
                  {one.role} <span className="note">{words.ends(until(one.expires_at))}</span>
                </span>
                <Button isSmall onClick={() => withdraw.mutate(one.id)}>
                  {words.withdraw}
                </Button>
              </li>
            ))}
          </ul>
        )}
      </Asked>
    </Section>
  )
}

function Deeds() {
  const asked = useInfiniteQuery(deeds())
  const words = text.people
  return (
    <Section title={words.deeds} note={words.deedsNote} className="mt-8">
      <div className="overflow-x-auto" tabIndex={0} role="group" aria-label={words.deeds}>
        <table className="table">
          <thead>
            <tr>
              {words.columns.map((name) => (
                <th key={name} scope="col">
                  {name}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {asked.data?.pages.flat().map((one) => (
              <tr key={one.id}>
                <td className="whitespace-nowrap">{moment(one.at)}</td>
                <td>{one.account ?? '–'}</td>
                <td>
                  {one.deed} <span className="text-ink-3">{one.detail}</span>
                </td>
                <td>{one.address}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      {asked.hasNextPage && (
        <Button className="mt-3" isBusy={asked.isFetchingNextPage} onClick={() => void asked.fetchNextPage()}>
          {words.older}
        </Button>
      )}
    </Section>
  )
}
