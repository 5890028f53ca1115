import { text } from '@/lib/text'

interface VerdictBarProps {
  verdict: 'keep' | 'skip' | undefined
  canUndo: boolean
  onJudge: (verdict: 'keep' | 'skip') => void
  onUndo: () => void
  onHide: () => void
}

/** The keys, as buttons that say what they do; on a phone skip left and keep right, at the thumbs. */
export function VerdictBar({ verdict, canUndo, onJudge, onUndo, onHide }: VerdictBarProps) {
  return (
    <div className="verdict-bar">
      <button type="button" className="deed skip" onClick={() => onJudge('skip')} aria-pressed={verdict === 'skip'}>
        <kbd aria-hidden="true">s</kbd>
        <span>
          <b>{text.verdicts.skip}</b>
          <small>{text.verdicts.skipMore}</small>
        </span>
      </button>
      <button type="button" className="deed" onClick={onUndo} disabled={!canUndo}>
        <kbd aria-hidden="true">u</kbd>
        <b>{text.verdicts.undo}</b>
      </button>
      <button type="button" className="deed" onClick={onHide}>
        <kbd aria-hidden="true">h</kbd>
        <span>
          <b>{text.triage.hide}</b>
          <small>{text.triage.hideMore}</small>
        </span>
      </button>
      <button type="button" className="deed keep" onClick={() => onJudge('keep')} aria-pressed={verdict === 'keep'}>
        <kbd aria-hidden="true">k</kbd>
        <span>
          <b>{text.verdicts.keep}</b>
          <small>{text.verdicts.keepMore}</small>
        </span>
      </button>
    </div>
  )
}
