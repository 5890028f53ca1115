import type { ReactNode } from 'react'

import type { Listening } from '@/features/listening/useListening'
import { useIsPhone } from '@/lib/screen'
import { text } from '@/lib/text'

type Deed = 'skip' | 'keep' | 'undo' | 'listen' | 'want' | 'hide'

interface VerdictBarProps {
  verdict: 'keep' | 'skip' | undefined
  deeds: Readonly<Record<Deed, () => unknown>>
  /** Whom undo takes back; nobody yet: undefined. */
  undoable: string | undefined
  listening: Listening
  isWanted: boolean
}

/** The keys, as buttons that say what they do; on a phone skip left and keep right, at the thumbs. */
export function VerdictBar({ verdict, deeds, undoable, listening, isWanted }: VerdictBarProps) {
  const { verdicts, triage, listening: heard } = text
  const { videos, isKnown, isPlaying } = listening
  const isPhone = useIsPhone()
  const rare = (
    <>
      <Key name="w" onPress={deeds.want} isOff={isWanted} more={isWanted ? text.wants.is : text.wants.cost}>
        {text.wants.want}
      </Key>
      <Key name="h" onPress={deeds.hide} more={triage.hideMore}>
        {triage.hide}
      </Key>
    </>
  )
  return (
    <>
    {isPhone && <div className="rare-deeds">{rare}</div>}
    <div className="verdict-bar">
      <Key name="s" kind="skip" onPress={deeds.skip} isPressed={verdict === 'skip'} more={verdicts.skipMore}>
        {verdicts.skip}
      </Key>
      <Key name="k" kind="keep" onPress={deeds.keep} isPressed={verdict === 'keep'} more={verdicts.keepMore}>
        {verdicts.keep}
      </Key>
      <Key name="u" onPress={deeds.undo} isOff={undoable === undefined} more={undoable ?? verdicts.noneYet}>
        {verdicts.undo}
      </Key>
      <Key name="␣" onPress={deeds.listen} isPressed={isPlaying} isBusy={!isKnown} more={isPlaying ? heard.again : heard.loads(videos.length)}>
        {isPlaying ? heard.stop : heard.listen}
      </Key>
      {!isPhone && rare}
    </div>
    </>
  )
}

interface KeyProps {
  name: string
  kind?: 'skip' | 'keep' | 'plain'
  onPress: () => unknown
  isPressed?: boolean
  isOff?: boolean
  /** What `more` says is not known yet. */
  isBusy?: boolean
  more: string
  children: ReactNode
}

function Key({ name, kind = 'plain', onPress, isPressed, isOff = false, isBusy = false, more, children }: KeyProps) {
  return (
    <button
      type="button"
      className={`deed ${kind}`}
      onClick={() => onPress()}
      aria-pressed={isPressed}
      aria-busy={isBusy}
      disabled={isOff}
    >
      <kbd aria-hidden="true">{name}</kbd>
      <span className="min-w-0">
        <b>{children}</b>
        <small>{more}</small>
      </span>
    </button>
  )
}
