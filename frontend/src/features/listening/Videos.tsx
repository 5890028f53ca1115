import { text } from '@/lib/text'
import { Button } from '@/ui/Button'
import { Section } from '@/ui/Section'

import { Player } from './Player'
import type { Listening } from './useListening'

interface VideosProps {
  listening: Listening
  name: string
  releaseId: number
}

/** A release's videos: a place kept for them, filled once somebody asks. */
export function Videos({ listening, name, releaseId }: VideosProps) {
  const { videos, isKnown, isPlaying, toggle } = listening
  const words = text.listening
  return (
    <Section title={words.title} note={words.note}>
      {isPlaying ? (
        <Player videos={videos} name={name} />
      ) : (
        <div className="grid aspect-video max-h-56 w-full place-content-center justify-items-center gap-3 rounded-paper bg-well p-4 text-center">
          {!isKnown ? null : videos.length > 0 ? (
            <>
              <Button kind="main" keyName="␣" onClick={toggle}>
                {words.load(videos.length)}
              </Button>
              <p className="note">{words.before}</p>
            </>
          ) : (
            <>
              <p className="text-ink-2">{words.none}</p>
              <a className="button" href={`https://www.discogs.com/release/${releaseId}`} target="_blank" rel="noreferrer">
                {words.atDiscogs}
              </a>
            </>
          )}
        </div>
      )}
    </Section>
  )
}
