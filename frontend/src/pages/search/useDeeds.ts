import { useMemo, useState } from 'react'

import { togglePicked, usePicked } from '@/features/crate/picked'
import type { Listing } from '@/features/listings/queries'
import type { Hideable } from '@/features/triage/hiding'
import { useHide } from '@/features/triage/queries'
import { useWant } from '@/features/wants/useWant'
import { text } from '@/lib/text'
import { toast } from '@/lib/toasts'

/** What can be done about the listing under the cursor, beside judging it. */
export function useDeeds(looked: Listing | undefined) {
  const { want, added } = useWant()
  const { mutate: hide } = useHide()
  const picked = usePicked()
  const [isHiding, setIsHiding] = useState(false)
  const isWanted = looked !== undefined && (looked.is_wanted || added.has(looked.release_id))
  const isAside = picked.some((one) => one.id === looked?.id)
  // The same as long as nothing changes: what stands beside the list is drawn for each letter else.
  return useMemo(
    () => ({
      isWanted,
      isAside,
      isHiding,
      want: () => looked !== undefined && !isWanted && (want(looked), true),
      putAside: () => looked !== undefined && (putAside(looked), true),
      askWhatToHide: () => looked !== undefined && (setIsHiding(true), true),
      leaveHiding: () => setIsHiding(false),
      hide: (what: Hideable) => {
        setIsHiding(false)
        hide({ ...what, onShown: () => undefined })
      },
    }),
    [looked, isWanted, isAside, isHiding, want, hide],
  )
}

export type Deeds = ReturnType<typeof useDeeds>

/** Put it aside for the next crate, or take it out again. */
function putAside(listing: Listing): void {
  const isIn = togglePicked(listing)
  const name = `${listing.artist}: ${listing.title}`
  toast(isIn ? text.peek.putAside(name) : text.peek.takenOut(name), () => togglePicked(listing))
}
