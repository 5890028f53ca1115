import {
  createRootRoute,
  createRoute,
  createRouter,
  lazyRouteComponent,
  Link,
} from '@tanstack/react-router'

import { readAsked } from '@/features/search/asked'
import { text } from '@/lib/text'
import { HomePage } from '@/pages/home/HomePage'
import { PageHead } from '@/ui/PageHead'
import { StateBox } from '@/ui/StateBox'

import { Shell } from './Shell'

const root = createRootRoute({
  component: Shell,
  notFoundComponent: NotFound,
  errorComponent: Broken,
})

const home = createRoute({ getParentRoute: () => root, path: '/', component: HomePage })

// All but the first page come when they are first looked at, or when their tab is pointed at.
const search = createRoute({
  getParentRoute: () => root,
  path: '/search',
  validateSearch: readAsked,
  component: lazyRouteComponent(() => import('@/pages/search/SearchPage'), 'SearchPage'),
})
const triage = createRoute({
  getParentRoute: () => root,
  path: '/triage',
  validateSearch: ({ as }: Record<string, unknown>): { as?: 'list' } => (as === 'list' ? { as } : {}),
  component: lazyRouteComponent(() => import('@/pages/triage/TriagePage'), 'TriagePage'),
})
const sellers = createRoute({
  getParentRoute: () => root,
  path: '/sellers',
  component: lazyRouteComponent(() => import('@/pages/sellers/SellersPage'), 'SellersPage'),
})
const seller = createRoute({
  getParentRoute: () => root,
  path: '/sellers/$name',
  component: lazyRouteComponent(() => import('@/pages/seller/SellerPage'), 'SellerPage'),
})
const listing = createRoute({
  getParentRoute: () => root,
  path: '/listings/$id',
  component: lazyRouteComponent(() => import('@/pages/listing/ListingPage'), 'ListingPage'),
})
const day = createRoute({
  getParentRoute: () => root,
  path: '/day',
  validateSearch: ({ pick }: Record<string, unknown>): { pick?: number } =>
    Number.isSafeInteger(pick) && Number(pick) > 0 ? { pick: Number(pick) } : {},
  component: lazyRouteComponent(() => import('@/pages/day/DayPage'), 'DayPage'),
})
const taste = createRoute({
  getParentRoute: () => root,
  path: '/taste',
  component: lazyRouteComponent(() => import('@/pages/taste/TastePage'), 'TastePage'),
})
const crate = createRoute({
  getParentRoute: () => root,
  path: '/crate',
  component: lazyRouteComponent(() => import('@/pages/crate/CratePage'), 'CratePage'),
})
const settings = createRoute({
  getParentRoute: () => root,
  path: '/settings',
  component: lazyRouteComponent(() => import('@/pages/settings/SettingsPage'), 'SettingsPage'),
})

const join = createRoute({
  getParentRoute: () => root,
  path: '/join',
  component: lazyRouteComponent(() => import('@/pages/signin/JoinPage'), 'JoinPage'),
})

const people = createRoute({
  getParentRoute: () => root,
  path: '/people',
  component: lazyRouteComponent(() => import('@/pages/people/PeoplePage'), 'PeoplePage'),
})

// Every part on one page, for who works on them: not among what is built for others.
const components = import.meta.env.DEV
  ? [
      createRoute({
        getParentRoute: () => root,
        path: '/components',
        component: lazyRouteComponent(
          () => import('@/pages/components/ComponentsPage'),
          'ComponentsPage',
        ),
      }),
    ]
  : []

export const router = createRouter({
  routeTree: root.addChildren([
    home,
    search,
    triage,
    day,
    sellers,
    seller,
    listing,
    taste,
    crate,
    settings,
    join,
    people,
    ...components,
  ]),
  defaultPreload: 'intent',
  scrollRestoration: true,
})

declare module '@tanstack/react-router' {
  interface Register {
    router: typeof router
  }
}

function NotFound() {
  return (
    <>
      <PageHead title={text.states.nothingHere} />
      <p className="mb-4">{text.states.nothingHereLong}</p>
      <Link to="/" className="button">
        {text.states.goHome}
      </Link>
    </>
  )
}

function Broken({ error }: { error: unknown }) {
  return (
    <StateBox title={text.states.mistake} isBad>
      <p>{error instanceof Error ? error.message : String(error)}</p>
      <button className="button" onClick={() => window.location.reload()}>
        {text.states.reload}
      </button>
    </StateBox>
  )
}
