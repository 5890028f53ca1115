import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'

import { session } from '@/api/session'
import { text } from '@/lib/text'
import { Button } from '@/ui/Button'
import { Section } from '@/ui/Section'

import { useSignOut } from './deeds'

/** As whom one is signed in, and the way out. */
export function You() {
  const { data: who } = useQuery(session())
  const out = useSignOut()
  if (!who?.name) return null
  return (
    <Section title={text.account.you}>
      <div className="flex flex-wrap items-center gap-3">
        <span className="mr-auto">
          <b>{who.name}</b> <span className="text-ink-3">{who.role}</span>
        </span>
        {who.role === 'owner' && (
          <Link to="/people" className="button">
            {text.people.title}
          </Link>
        )}
        <Button isBusy={out.isPending} onClick={() => out.mutate()}>
          {text.signIn.out}
        </Button>
      </div>
    </Section>
  )
}
