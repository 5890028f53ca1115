import { describe, expect, it } from 'vitest'

import { youtubeId } from './video'

describe('the id of a video', () => {
  it('is found in every form of a YouTube address', () => {
    for (const address of [
      'https://www.youtube.com/watch?v=dQw4w9WgXcQ',
      'http://youtube.com/watch?v=dQw4w9WgXcQ&t=3',
      'https://youtu.be/dQw4w9WgXcQ',
      'https://www.youtube.com/embed/dQw4w9WgXcQ',
    ]) {
      expect(youtubeId(address)).toBe('dQw4w9WgXcQ')
    }
  })

  it('is nowhere else, and no address can smuggle another path in', () => {
    for (const address of [
      'https://vimeo.com/1234567',
      'https://youtube.com.evil.example/watch?v=dQw4w9WgXcQ',
      'https://www.youtube.com/watch?v=../../evil',
      'javascript:alert(1)',
      'nonsense',
    ]) {
      expect(youtubeId(address)).toBeNull()
    }
  })
})
