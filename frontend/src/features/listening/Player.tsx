import { useState } from 'react'

import { text } from '@/lib/text'
import { embedded } from '@/lib/video'
import { Button } from '@/ui/Button'

interface PlayerProps {
  videos: readonly string[]
  name: string
}

/** A release's videos, one at a time.  Shown only after somebody asked: YouTube hears of it then. */
export function Player({ videos, name }: PlayerProps) {
  const [at, setAt] = useState(0)
  const id = videos[Math.min(at, videos.length - 1)]
  if (id === undefined) return null
  return (
    <div className="grid gap-2">
      <iframe
        key={id}
        src={embedded(id)}
        title={text.listening.video(at + 1, videos.length, name)}
        className="aspect-video w-full rounded-paper bg-well"
        allow="autoplay; encrypted-media; picture-in-picture"
        // YouTube plays nothing for who does not say where it is embedded.
        referrerPolicy="strict-origin-when-cross-origin"
      />
      {videos.length > 1 && (
        <div className="flex items-center gap-2 font-data text-data">
          <Button isSmall onClick={() => setAt((at + 1) % videos.length)}>
            {text.listening.next}
          </Button>
          <span className="text-ink-2">{text.listening.place(at + 1, videos.length)}</span>
        </div>
      )}
    </div>
  )
}
