import { useKeys } from '@/lib/keys'
import { text } from '@/lib/text'
import { Button } from '@/ui/Button'
import { VerdictMark } from '@/ui/VerdictMark'

import type { useJudging } from './useJudging'

interface VerdictButtonsProps {
  judging: ReturnType<typeof useJudging>
  listing: { id: number; artist: string; title: string }
}

/** Skip, keep, undo, by button and by key; and what was said of it before. */
export function VerdictButtons({ judging, listing }: VerdictButtonsProps) {
  const { judge, undo, verdicts, recent } = judging
  useKeys({ k: () => judge(listing, 'keep'), s: () => judge(listing, 'skip'), u: undo })
  const verdict = verdicts.get(listing.id)
  return (
    <>
      <Button kind="skip" keyName="s" onClick={() => judge(listing, 'skip')}>
        {text.verdicts.skip}
      </Button>
      <Button kind="keep" keyName="k" onClick={() => judge(listing, 'keep')}>
        {text.verdicts.keep}
      </Button>
      <Button keyName="u" onClick={undo} disabled={recent.length === 0}>
        {text.verdicts.undo}
      </Button>
      {verdict && (
        <span className="flex items-center gap-1.5">
          <VerdictMark verdict={verdict} />
          {text.verdicts.mark[verdict]}
        </span>
      )}
    </>
  )
}
