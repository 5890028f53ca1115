import { type ReactNode, useEffect, useId, useRef } from 'react'

interface DialogProps {
  title: string
  onClose: () => void
  children: ReactNode
}

/** Over the page, until it is answered or left by Esc; the browser keeps focus within. */
export function Dialog({ title, onClose, children }: DialogProps) {
  const dialog = useRef<HTMLDialogElement>(null)
  const id = useId()
  useEffect(() => {
    dialog.current?.showModal()
  }, [])
  return (
    <dialog
      ref={dialog}
      aria-labelledby={id}
      onClose={onClose}
      className="m-auto w-[min(30rem,calc(100vw-2rem))] rounded-card border border-rule bg-card p-5 text-ink shadow-3 backdrop:bg-black/50"
    >
      <h2 id={id} className="mb-3 text-head">
        {title}
      </h2>
      {children}
    </dialog>
  )
}
