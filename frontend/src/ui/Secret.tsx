import { useState } from 'react'

import { text } from '@/lib/text'

import { Button } from './Button'

/** Something that is shown once and never again, to be copied. */
export function Secret({ words, secret }: { words: string; secret: string }) {
  const [isCopied, setIsCopied] = useState(false)
  const copy = async () => {
    await navigator.clipboard.writeText(secret)
    setIsCopied(true)
  }
  return (
    <div role="status" className="mb-3 grid gap-2 border-l-4 border-keep bg-well px-3 py-2">
      <p>{words}</p>
      <code className="font-data text-data break-all select-all">{secret}</code>
      {/* Browsers lend the clipboard to safe origins alone; elsewhere the words are selected. */}
      {'clipboard' in navigator && (
        <Button
          isSmall
          className="justify-self-start"
          onClick={() => {
            copy().catch(() => setIsCopied(false))
          }}
        >
          {isCopied ? text.states.copied : text.states.copy}
        </Button>
      )}
    </div>
  )
}
