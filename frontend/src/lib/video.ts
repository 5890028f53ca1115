/** Videos as the catalogue tells them: addresses of YouTube, in one of its forms. */

const HOSTS = new Set(['www.youtube.com', 'youtube.com', 'm.youtube.com', 'youtu.be', 'www.youtube-nocookie.com'])
const ID = /^[\w-]{6,20}$/

/** The id of a YouTube video; null for any other address. */
export function youtubeId(address: string): string | null {
  if (!URL.canParse(address)) return null
  const url = new URL(address)
  if (!HOSTS.has(url.hostname)) return null
  const path = url.pathname.replace(/^\/(embed|v|shorts)\//, '/').slice(1)
  const id = url.searchParams.get('v') ?? path
  return ID.test(id) ? id : null
}

/** Where it can be embedded without a cookie. */
export const embedded = (id: string) => `https://www.youtube-nocookie.com/embed/${id}?autoplay=1&rel=0`
