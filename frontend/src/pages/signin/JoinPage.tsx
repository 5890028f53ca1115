import { useQuery } from '@tanstack/react-query'
import { Link, useNavigate } from '@tanstack/react-router'
import { useState } from 'react'

import { isSignedOut, session } from '@/api/session'
import { useJoin } from '@/features/signin/deeds'
import { NamePassword } from '@/features/signin/NamePassword'
import { text } from '@/lib/text'
import { PageHead } from '@/ui/PageHead'
import { StateBox } from '@/ui/StateBox'

/** Where an invitation leads: /join#SECRET.  What is behind the # never leaves the browser else. */
export function JoinPage() {
  const { data: who } = useQuery(session())
  const navigate = useNavigate()
  const join = useJoin()
  const [invitation] = useState(() => window.location.hash.slice(1))
  const isForNobody = who !== undefined && !isSignedOut(who)
  return (
    <div className="mx-auto grid max-w-sm gap-4 py-8">
      <PageHead title={text.signIn.join} />
      {invitation === '' || isForNobody ? (
        <StateBox title={isForNobody ? text.signIn.isIn : text.signIn.noInvitation}>
          <p>{isForNobody ? text.signIn.isInWhy : text.signIn.noInvitationWhy}</p>
          <Link to="/" className="button">
            {text.states.goHome}
          </Link>
        </StateBox>
      ) : (
        <>
          <p>{text.signIn.joinWhy}</p>
          <NamePassword
            deed={text.signIn.joinDeed}
            isNew
            isBusy={join.isPending}
            fault={join.error?.message}
            onSend={(name, password) =>
              join.mutate(
                { invitation, name, password },
                { onSuccess: () => void navigate({ to: '/', replace: true }) },
              )
            }
          />
          <p className="note">{text.signIn.passwordWhy}</p>
        </>
      )}
    </div>
  )
}
