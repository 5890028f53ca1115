import { createRootRoute, createRoute, createRouter, Link } from '@tanstack/react-router'

import { text } from '@/lib/text'
import { HomePage } from '@/pages/home/HomePage'
import { StateBox } from '@/ui/StateBox'

import { Shell } from './Shell'

const root = createRootRoute({
  component: Shell,
  notFoundComponent: NotFound,
  errorComponent: Broken,
})

const home = createRoute({ getParentRoute: () => root, path: '/', component: HomePage })

export const router = createRouter({
  routeTree: root.addChildren([home]),
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
    <StateBox title={text.states.nothingHere}>
      <p>{text.states.nothingHereLong}</p>
      <Link to="/" className="button">
        {text.states.goHome}
      </Link>
    </StateBox>
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
