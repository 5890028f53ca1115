/** What public/early.js asked before the page was there. */
declare global {
  // A name on the window: early.js is no module, since modules wait until all is read.
  var cratewiseAsked: Map<string, Promise<Response>> | undefined
}

/** Ask, or take the answer to what was asked already; each is taken once. */
export async function ask(request: Request): Promise<Response> {
  const { pathname, search, origin } = new URL(request.url)
  const asked = globalThis.cratewiseAsked
  const path = pathname + search
  const early = origin === location.origin && request.method === 'GET' ? asked?.get(path) : undefined
  if (!early) return fetch(request)
  asked?.delete(path)
  return early.catch(() => fetch(request))
}
