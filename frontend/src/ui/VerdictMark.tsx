import { text } from '@/lib/text'

/** Kept: a filled disc with a tick.  Skipped: an outlined one with a bar.  Else a dot. */
export function VerdictMark({ verdict }: { verdict: 'keep' | 'skip' | undefined }) {
  const name = verdict ? text.verdicts.mark[verdict] : text.verdicts.mark.none
  return (
    <svg viewBox="0 0 16 16" className="size-4 flex-none" data-verdict={verdict ?? 'none'} role="img" aria-label={name}>
      {verdict === 'keep' && (
        <>
          <circle cx="8" cy="8" r="7" fill="var(--keep)" />
          <path d="M4.6 8.2l2.4 2.4 4.4-5" stroke="var(--on-keep)" strokeWidth="1.8" fill="none" />
        </>
      )}
      {verdict === 'skip' && (
        <>
          <circle cx="8" cy="8" r="6.2" fill="none" stroke="var(--skip)" strokeWidth="1.5" />
          <path d="M4.8 8h6.4" stroke="var(--skip)" strokeWidth="1.8" />
        </>
      )}
      {!verdict && <circle cx="8" cy="8" r="1.6" fill="var(--edge)" />}
    </svg>
  )
}
