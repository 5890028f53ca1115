import type { Session } from '@/api/session'
import { useDiscogs, useSignIn } from '@/features/signin/deeds'
import { NamePassword } from '@/features/signin/NamePassword'
import { text } from '@/lib/text'
import { Button } from '@/ui/Button'
import { PageHead } from '@/ui/PageHead'

/** Stands in the place of every page until somebody signs in; the address stays as it was. */
export function SignInPage({ who }: { who: Session }) {
  const signIn = useSignIn()
  const discogs = useDiscogs()
  return (
    <div className="mx-auto grid max-w-sm gap-4 py-8">
      <PageHead title={text.signIn.title} />
      <p>{text.signIn.why}</p>
      <NamePassword
        deed={text.signIn.deed}
        isBusy={signIn.isPending}
        fault={signIn.error?.message}
        onSend={(name, password) => signIn.mutate({ name, password })}
      />
      {who.ways?.includes('discogs') && (
        <>
          <p className="note border-t border-rule pt-4">{text.signIn.discogsWhy}</p>
          <Button
            className="justify-self-start"
            isBusy={discogs.isPending || discogs.isSuccess}
            onClick={() => discogs.mutate()}
          >
            {text.signIn.discogs}
          </Button>
          {discogs.error && (
            <p role="alert" className="text-bad">
              {discogs.error.message}
            </p>
          )}
        </>
      )}
      <p className="note">{text.signIn.invited}</p>
    </div>
  )
}
