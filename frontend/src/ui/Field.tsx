import { type InputHTMLAttributes, useId } from 'react'

interface FieldProps extends InputHTMLAttributes<HTMLInputElement> {
  label: string
  /** What is wrong with what was typed. */
  fault?: string | undefined
}

/** A line to type in, with its name above and what is wrong below. */
export function Field({ label, fault, className = '', ...rest }: FieldProps) {
  const id = useId()
  return (
    <div className={className}>
      <label htmlFor={id} className="mb-1 block text-note text-ink-2">
        {label}
      </label>
      <input
        id={id}
        className="field"
        aria-invalid={fault ? true : undefined}
        aria-describedby={fault ? `${id}-fault` : undefined}
        {...rest}
      />
      {fault && (
        <p id={`${id}-fault`} role="alert" className="mt-1 text-bad">
          {fault}
        </p>
      )}
    </div>
  )
}
