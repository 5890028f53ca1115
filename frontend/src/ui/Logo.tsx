/** Three records in a crate. */
export function Logo() {
  return (
    <svg viewBox="0 0 28 28" className="size-7" aria-hidden="true">
      <path d="M3 9V3.5h6.5V9M11 9V1.5h6.5V9M19 9V5h6v4" fill="var(--edge)" />
      <path d="M1 9h26l-1.8 18H2.8z" fill="var(--ink)" />
      <circle cx="14" cy="18" r="6" fill="var(--board)" />
      <circle cx="14" cy="18" r="1.6" fill="var(--ink)" />
    </svg>
  )
}
