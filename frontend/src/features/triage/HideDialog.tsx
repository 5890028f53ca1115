import { text } from '@/lib/text'
import { Button } from '@/ui/Button'
import { Dialog } from '@/ui/Dialog'

import { type Shown, useHide } from './queries'

interface HideDialogProps {
  listing: Shown['listing']
  onClose: () => void
  onHidden: () => void
}

/** What of a record to see no more. */
export function HideDialog({ listing, onClose, onHidden }: HideDialogProps) {
  const hide = useHide()
  const choices = [
    ['artist', listing.artist, text.triage.hideArtist(listing.artist)],
    ['label', listing.label, text.triage.hideLabel(listing.label)],
    ['seller', listing.seller, text.triage.hideSeller(listing.seller)],
  ] as const
  return (
    <Dialog title={text.triage.hideTitle} onClose={onClose}>
      <div className="grid gap-2">
        {choices
          .filter(([, name]) => name)
          .map(([kind, name, words]) => (
            <Button
              key={kind}
              className="justify-start! whitespace-normal! text-left"
              onClick={() => hide.mutate({ kind, name }, { onSuccess: onHidden })}
            >
              {words}
            </Button>
          ))}
        <Button kind="bare" className="justify-self-end" onClick={onClose}>
          {text.seller.notNow}
        </Button>
      </div>
      {hide.error && (
        <p role="alert" className="mt-2 text-bad">
          {hide.error.message}
        </p>
      )}
    </Dialog>
  )
}
