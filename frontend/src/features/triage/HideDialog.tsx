import { text } from '@/lib/text'
import { Button } from '@/ui/Button'
import { Dialog } from '@/ui/Dialog'

import { type Hideable, hideables } from './hiding'
import type { Shown } from './queries'

interface HideDialogProps {
  listing: Shown['listing']
  onClose: () => void
  onHide: (what: Hideable) => void
}

/** What of a record to see no more; a letter each, as the buttons show. */
export function HideDialog({ listing, onClose, onHide }: HideDialogProps) {
  const choices = hideables(listing)
  return (
    <Dialog title={text.triage.hideTitle} onClose={onClose}>
      <div
        className="grid gap-2"
        onKeyDown={(event) => {
          const chosen = choices.find(({ keyName }) => keyName === event.key)
          if (chosen) onHide(chosen)
        }}
      >
        {choices.map((choice) => (
          <Button
            key={`${choice.kind} ${choice.name}`}
            className="justify-between! whitespace-normal! text-left"
            keyName={choice.keyName ?? undefined}
            onClick={() => onHide(choice)}
          >
            {choice.words}
          </Button>
        ))}
        <p className="note">{text.triage.hideWhy}</p>
        <Button kind="bare" className="justify-self-end" onClick={onClose}>
          {text.seller.notNow}
        </Button>
      </div>
    </Dialog>
  )
}
