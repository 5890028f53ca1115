import { text } from '@/lib/text'

/** Whose data it is, beside the data. */
export function Source() {
  return (
    <a
      className="note"
      href="https://www.discogs.com/"
      target="_blank"
      rel="noreferrer"
    >
      {text.notices.source}
    </a>
  )
}
