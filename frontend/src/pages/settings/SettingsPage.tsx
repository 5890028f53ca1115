import { useQuery } from '@tanstack/react-query'

import { session } from '@/api/session'
import { PasswordForm } from '@/features/account/PasswordForm'
import { Sessions } from '@/features/account/Sessions'
import { Tokens } from '@/features/account/Tokens'
import { Health } from '@/features/health/Health'
import { HiddenThings, Keeper, Postage } from '@/features/settings/Lists'
import { MoneyForm } from '@/features/settings/MoneyForm'
import { settings } from '@/features/settings/queries'
import { You } from '@/features/signin/You'
import { text } from '@/lib/text'
import { Asked } from '@/ui/Asked'
import { Bones } from '@/ui/Bones'
import { Facts } from '@/ui/Facts'
import { PageHead } from '@/ui/PageHead'
import { Section } from '@/ui/Section'

/** Currency and country, keepers, what is hidden, postage, and the installation itself. */
export function SettingsPage() {
  const { data: who } = useQuery(session())
  const isShared = who?.mode === 'server'
  return (
    <>
      <PageHead title={text.tabs.settings} />
      <Asked query={useQuery(settings())} meanwhile={<Bones lines={6} />}>
        {(now) => (
          <div className="grid gap-7 desk:grid-cols-2 desk:gap-11">
            {isShared && <You />}
            <MoneyForm now={now} />
            <Keeper />
            <Postage />
            <HiddenThings />
            <Section title={text.settings.here}>
              <Facts
                facts={[
                  [text.settings.version, now.version],
                  [text.settings.database, now.database],
                  [text.settings.quota, text.settings.aMinute(now.requests_a_minute)],
                ]}
              />
              {now.is_simulated && <p className="mt-2">{text.settings.simulated}</p>}
            </Section>
            <Health />
            {isShared && (
              <>
                <Sessions />
                <Tokens />
                <PasswordForm />
              </>
            )}
          </div>
        )}
      </Asked>
    </>
  )
}
