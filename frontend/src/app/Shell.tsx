import { useQuery } from '@tanstack/react-query'
import { Link, Outlet, useLocation } from '@tanstack/react-router'
import { lazy, Suspense } from 'react'

import { isSignedOut, session } from '@/api/session'
import { QuotaMeter } from '@/features/home/QuotaMeter'
import { text } from '@/lib/text'
import { useTheme } from '@/lib/theme'
import { Logo } from '@/ui/Logo'
import { Switch } from '@/ui/Switch'
import { Toasts } from '@/ui/Toasts'

import { KeyHelp } from './KeyHelp'
import { Lost } from './Lost'

// Nobody signs in on a machine of their own: there it is never loaded.
const SignInPage = lazy(() =>
  import('@/pages/signin/SignInPage').then(({ SignInPage }) => ({ default: SignInPage })),
)

const TABS = [
  { to: '/', name: text.tabs.home, isAtHand: true },
  { to: '/search', name: text.tabs.search, isAtHand: true },
  { to: '/triage', name: text.tabs.triage, isAtHand: true },
  { to: '/day', name: text.tabs.day, short: text.tabs.dayShort, isAtHand: true },
  { to: '/sellers', name: text.tabs.sellers },
  { to: '/taste', name: text.tabs.taste },
  { to: '/crate', name: text.tabs.crate, isAtHand: true },
  { to: '/settings', name: text.tabs.settings },
] as const

/** The crate: dividers above, the page they lead to, the notices that Discogs asks for below. */
export function Shell() {
  // Once it was answered or failed: a page that asks again after a failure stays where it is.
  const { data: who, isFetched } = useQuery(session())
  const isJoining = useLocation({ select: ({ pathname }) => pathname === '/join' })
  const isOut = isSignedOut(who)
  const tabs = isOut ? [] : TABS
  return (
    <>
      <a href="#page" className="button main absolute top-3 left-3 z-10 not-focus:sr-only">
        {text.shell.skip}
      </a>
      <header className="flex h-14 items-end gap-[3px] px-5 pt-2.5 max-tablet:px-3.5">
        <Link
          to="/"
          aria-label={text.shell.home}
          className="flex items-center gap-2 self-center pr-4 pb-1.5 font-divider text-head no-underline"
        >
          <Logo />
          <span>{text.name}</span>
        </Link>
        <nav aria-label={text.shell.pages} className="flex items-end gap-[3px] max-desk:hidden">
          {tabs.map(({ to, name }) => (
            <Link key={to} to={to} className="tab" activeOptions={{ exact: to === '/' }}>
              {name}
            </Link>
          ))}
        </nav>
        <div className="ml-auto flex items-center gap-4 self-center pb-1">
          {isFetched && !isOut && <QuotaMeter />}
          {!isOut && <KeyHelp />}
          <ThemeSwitch />
        </div>
      </header>
      <main
        id="page"
        tabIndex={-1}
        className="min-h-[calc(100vh-6.5rem)] overflow-x-clip bg-sleeve px-5 pt-6 pb-10 outline-none max-tablet:px-3.5"
      >
        <div className="mx-auto max-w-[1400px]">
          {isOut && !isJoining ? (
            <Suspense>
              <SignInPage who={who} />
            </Suspense>
          ) : (
            // Whether somebody must sign in is known before anything else is asked.
            isFetched && <Outlet />
          )}
        </div>
      </main>
      <footer className="flex flex-wrap gap-x-6 gap-y-1 px-5 py-3.5 text-note text-ink-2">
        <nav aria-label={text.shell.morePages} className="flex gap-5 py-1 desk:hidden">
          {tabs.filter((tab) => !('isAtHand' in tab)).map(({ to, name }) => (
            <Link key={to} to={to} className="min-h-6">
              {name}
            </Link>
          ))}
        </nav>
        <span>{text.notices.affiliation}</span>
        <a href="https://www.discogs.com/" target="_blank" rel="noreferrer">
          {text.notices.source}
        </a>
      </footer>
      <nav aria-label={text.shell.pagesAtHand} className="phone-bar" hidden={isOut}>
        {tabs.filter((tab) => 'isAtHand' in tab).map((tab) => (
          <Link key={tab.to} to={tab.to} activeOptions={{ exact: tab.to === '/' }}>
            {'short' in tab ? tab.short : tab.name}
          </Link>
        ))}
      </nav>
      {isFetched && !isOut && <Lost />}
      <Toasts />
    </>
  )
}

function ThemeSwitch() {
  const [isDark, choose] = useTheme()
  return (
    <Switch isOn={isDark} label={text.shell.darkLabel} onChange={choose}>
      <span className="max-tablet:hidden">{text.shell.dark}</span>
    </Switch>
  )
}
