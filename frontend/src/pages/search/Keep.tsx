import { lazy, Suspense, useState } from 'react'

import type { Asked } from '@/features/search/asked'
import { Export } from '@/features/search/Export'
import { text } from '@/lib/text'
import { Button } from '@/ui/Button'

// Asked for when a button is pressed: most visits save nothing.
const SaveSearch = lazy(async () => ({
  default: (await import('@/features/search/SaveSearch')).SaveSearch,
}))
const SavedSearches = lazy(async () => ({
  default: (await import('@/features/search/SavedSearches')).SavedSearches,
}))

/** What can be done with a search: keep it, find one that was kept, take it away as a file. */
export function Keep({ asked }: { asked: Asked }) {
  const [open, setOpen] = useState<'save' | 'saved'>()
  const close = () => setOpen(undefined)
  return (
    <>
      <Button className="min-h-10!" onClick={() => setOpen('save')}>
        {text.searches.save}
      </Button>
      <Button className="min-h-10!" onClick={() => setOpen('saved')}>
        {text.searches.saved}
      </Button>
      <Export asked={asked} />
      <Suspense>
        {open === 'save' && <SaveSearch asked={asked} onClose={close} />}
        {open === 'saved' && <SavedSearches onClose={close} />}
      </Suspense>
    </>
  )
}
