import { beforeEach, describe, expect, it } from 'vitest'

import { Unreachable } from '@/api/refused'

import { Outbox, type Post } from './outbox'

/** A server that keeps verdicts, and can be away. */
class Server implements Post {
  isAway = false
  kept = new Map<string, { id: number; verdict: string; isUndone: boolean }>()

  judge: Post['judge'] = async (verdicts) => {
    await this.#arrive()
    for (const { key, verdict } of verdicts) {
      if (!this.kept.has(key)) this.kept.set(key, { id: this.kept.size + 1, verdict, isUndone: false })
    }
    return {
      results: verdicts.map(({ key }) => ({
        key,
        outcome: 'stored' as const,
        detail: '',
        judgement: { id: this.kept.get(key)?.id } as never,
      })),
      keeps: 0,
      skips: 0,
    }
  }

  undo: Post['undo'] = async (id) => {
    await this.#arrive()
    for (const one of this.kept.values()) if (one.id === id) one.isUndone = true
  }

  async #arrive(): Promise<void> {
    await Promise.resolve()
    if (this.isAway) throw new Unreachable(null)
  }
}

let server: Server
let waitingDeeds: (() => void)[]
const open = (owner = '') => new Outbox(server, localStorage, owner, (deed) => waitingDeeds.push(deed))
const settle = () => new Promise((resolve) => setTimeout(resolve))

beforeEach(() => {
  localStorage.clear()
  server = new Server()
  waitingDeeds = []
})

describe('the outbox', () => {
  it('counts a verdict at once, and the server has it a moment later', async () => {
    const outbox = open()
    outbox.judge(7, 'A: B', 'keep')
    expect(outbox.snapshot().verdicts.get(7)).toBe('keep')
    await settle()
    expect([...server.kept.values()].map((one) => one.verdict)).toEqual(['keep'])
    expect(outbox.snapshot().waiting).toBe(0)
  })

  it('loses nothing while the server is away, and sends it in order once it is back', async () => {
    server.isAway = true
    const outbox = open()
    outbox.judge(1, 'A: B', 'keep')
    outbox.judge(2, 'C: D', 'skip')
    await settle()
    expect(outbox.snapshot().waiting).toBe(2)

    server.isAway = false
    waitingDeeds.shift()?.()
    await settle()
    expect([...server.kept.values()].map((one) => one.verdict)).toEqual(['keep', 'skip'])
    expect(outbox.snapshot().waiting).toBe(0)
  })

  it('goes on with what waited when the page is opened anew', async () => {
    server.isAway = true
    open().judge(1, 'A: B', 'keep')
    await settle()

    server.isAway = false
    const outbox = open()
    expect(outbox.snapshot().verdicts.get(1)).toBe('keep')
    await settle()
    expect(server.kept.size).toBe(1)
    expect(Object.keys(localStorage)).toEqual([])
  })

  it('takes back the last verdict first, be it written or not', async () => {
    const outbox = open()
    outbox.judge(1, 'A: B', 'keep')
    await settle()
    outbox.judge(2, 'C: D', 'skip')
    expect(outbox.undo()?.listingId).toBe(2)
    expect(outbox.undo()?.listingId).toBe(1)
    expect(outbox.undo()).toBeNull()
    await settle()
    expect([...server.kept.values()].map((one) => one.isUndone)).toEqual([true, true])
    expect(outbox.snapshot().verdicts.size).toBe(0)
  })

  it('takes back what was judged while the server was away', async () => {
    server.isAway = true
    const outbox = open()
    outbox.judge(1, 'A: B', 'keep')
    await settle()
    outbox.undo()
    server.isAway = false
    waitingDeeds.shift()?.()
    await settle()
    expect([...server.kept.values()].every((one) => one.isUndone)).toBe(true)
    expect(outbox.snapshot().waiting).toBe(0)
  })

  it('sends what one person judged under nobody else’s name', async () => {
    server.isAway = true
    open('ann').judge(1, 'A: B', 'keep')
    await settle()

    server.isAway = false
    const another = open('bob')
    await settle()
    expect(another.snapshot().recent).toEqual([])
    expect(server.kept.size).toBe(0)
    open('ann')
    await settle()
    expect(server.kept.size).toBe(1)
  })
})
