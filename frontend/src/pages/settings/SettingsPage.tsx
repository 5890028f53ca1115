import { useQuery } from '@tanstack/react-query'

import { session } from '@/api/session'
import type { Schema } from '@/api/server'
import { PasswordForm } from '@/features/account/PasswordForm'
import { Sessions } from '@/features/account/Sessions'
import { Tokens } from '@/features/account/Tokens'
import { Health } from '@/features/health/Health'
import { About, YourData } from '@/features/settings/About'
import { Covers } from '@/features/settings/Covers'
import { Discogs } from '@/features/settings/Discogs'
import { Freshness } from '@/features/settings/Freshness'
import { HiddenThings } from '@/features/settings/HiddenThings'
import { Keys } from '@/features/settings/Keys'
import { MoneyForm } from '@/features/settings/MoneyForm'
import { Postage } from '@/features/settings/Postage'
import { Presets } from '@/features/settings/Presets'
import { settings } from '@/features/settings/queries'
import { Schedules } from '@/features/settings/Schedules'
import { You } from '@/features/signin/You'
import { text } from '@/lib/text'
import { Asked } from '@/ui/Asked'
import { Bones } from '@/ui/Bones'
import { PageHead } from '@/ui/PageHead'

/** Who you are to Discogs, your money and taste, what is done by itself, and your data. */
export function SettingsPage() {
  return (
    <>
      <PageHead title={text.tabs.settings} />
      <Asked query={useQuery(settings())} meanwhile={<Bones lines={12} />}>
        {(now) => <All now={now} />}
      </Asked>
    </>
  )
}

function All({ now }: { now: Schema['SettingsNow'] }) {
  const { data: who } = useQuery(session())
  const isShared = who?.mode === 'server'
  return (
    <div className="grid gap-8 desk:grid-cols-2 desk:gap-11">
      <div className="grid grid-cols-1 content-start gap-8">
        {isShared && <You />}
        <Discogs />
        <MoneyForm now={now} />
        <Postage currency={now.currency} currencies={now.currencies} />
        <Presets />
        <HiddenThings />
        <Covers />
        <Keys />
      </div>
      <div className="grid grid-cols-1 content-start gap-8">
        <Schedules />
        <Freshness now={now} />
        <YourData />
        {isShared && (
          <>
            <Sessions />
            <Tokens />
            <PasswordForm />
          </>
        )}
        <Health />
        <About now={now} />
      </div>
    </div>
  )
}
