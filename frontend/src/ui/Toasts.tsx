import { text } from '@/lib/text'
import { dismiss, useToasts } from '@/lib/toasts'

/** What was done a moment ago, where it can be taken back; heard by who listens. */
export function Toasts() {
  const toasts = useToasts()
  return (
    <div
      role="status"
      className="toasts pointer-events-none fixed inset-x-0 z-20 grid justify-center gap-2 px-4"
    >
      {toasts.map(({ id, words, undo }) => (
        <div
          key={id}
          className="pointer-events-auto flex items-center gap-4 rounded-card bg-ink py-2 pr-3 pl-4 text-ink-on-ink shadow-3"
        >
          <span>{words}</span>
          {undo && (
            <button
              className="button bare small border-current! hover:bg-ink-2!"
              onClick={() => {
                undo()
                dismiss(id)
              }}
            >
              {text.verdicts.undo}
            </button>
          )}
        </div>
      ))}
    </div>
  )
}
