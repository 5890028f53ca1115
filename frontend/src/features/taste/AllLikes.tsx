import { useState } from 'react'

import type { Schema } from '@/api/server'
import { text } from '@/lib/text'
import { Choice } from '@/ui/Choice'
import { Contributions } from '@/ui/plots/Contributions'
import { Section } from '@/ui/Section'

import { lift } from './report'

type By = keyof typeof text.taste.by
const SHOWN = 12

/** What is kept more, and less, than usual: by style, label, artist and decade. */
export function AllLikes({ likes, taste }: { likes: Schema['Likes']; taste: Schema['Taste'] }) {
  const [by, setBy] = useState<By>('styles')
  const words = text.taste
  const parts = likes[by]
    .slice(0, SHOWN)
    .map((like) => ({
      name: like.name,
      amount: lift(like, taste.keeps, taste.skips),
      note: words.of(like.keeps, like.keeps + like.skips),
    }))
    .sort((a, b) => b.amount - a.amount)
  return (
    <Section
      title={words.likes}
      note={words.likesNote}
      end={<Choice label={words.likes} options={words.by} chosen={by} onChoose={setBy} />}
    >
      {parts.length === 0 ? (
        <p className="text-ink-2">{words.none}</p>
      ) : (
        <Contributions label={words.likesLabel(words.by[by])} parts={parts} />
      )}
    </Section>
  )
}
