interface MeterProps {
  /** 0 to 1; null: not known yet. */
  part: number | null
  label: string
}

/** How much of something is done.  Moves in steps, as the work does. */
export function Meter({ part, label }: MeterProps) {
  const shown = Math.min(Math.max(part ?? 0, 0), 1)
  return (
    <svg
      role="progressbar"
      aria-label={label}
      aria-valuemin={0}
      aria-valuemax={100}
      {...(part !== null && { 'aria-valuenow': Math.floor(shown * 100) })}
      className="h-2.5 w-full"
      preserveAspectRatio="none"
      viewBox="0 0 1000 10"
    >
      <rect width="1000" height="10" fill="var(--tag)" />
      <rect width={shown * 1000} height="10" fill="var(--keep)" />
    </svg>
  )
}
