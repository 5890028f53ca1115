import { useId } from 'react'

interface ChoiceProps<T extends string> {
  label: string
  /** What is chosen from, each with its words. */
  options: Readonly<Record<T, string>>
  chosen: T | null
  onChoose: (one: T) => void
}

/** One of a few, side by side. */
export function Choice<T extends string>({ label, options, chosen, onChoose }: ChoiceProps<T>) {
  const name = useId()
  return (
    <fieldset className="choice">
      <legend className="sr-only">{label}</legend>
      {(Object.entries(options) as [T, string][]).map(([one, words]) => (
        <label key={one}>
          <input
            type="radio"
            name={name}
            value={one}
            checked={chosen === one}
            onChange={() => onChoose(one)}
            className="sr-only"
          />
          {words}
        </label>
      ))}
    </fieldset>
  )
}
