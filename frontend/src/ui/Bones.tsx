interface BonesProps {
  /** How many lines are expected. */
  lines: number
  /** Height of one, a Tailwind class. */
  height?: string
}

/** Grey where words will be, so that nothing jumps when they come. */
export function Bones({ lines, height = 'h-9' }: BonesProps) {
  return (
    <div aria-hidden="true">
      {Array.from({ length: lines }, (_, line) => (
        <div key={line} className={`flex items-center border-b border-rule ${height}`}>
          <span className={`bone ${line % 2 ? 'w-2/5' : 'w-3/5'}`} />
        </div>
      ))}
    </div>
  )
}
