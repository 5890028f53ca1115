/**
 * Verdicts on their way: felt at once, written behind, none lost.
 *
 * A verdict is put into the browser's storage before it counts, each under a key of its own, so
 * that two windows never overwrite each other's.  It leaves when the server has answered; sent
 * twice, it counts once.
 */
import { Unreachable } from '@/api/refused'
import type { Schema } from '@/api/server'
import { randomKey } from '@/lib/random'

export type Verdict = 'keep' | 'skip'

export interface Judged {
  key: string
  listingId: number
  /** Whom it was about, for the words that offer to take it back. */
  name: string
  verdict: Verdict
  judgedAt: string
}

interface Waiting extends Judged {
  /** Taken back before the server knew of it. */
  isUndone?: boolean
}

export interface Snapshot {
  /** What was judged here, by listing. */
  verdicts: ReadonlyMap<number, Verdict>
  /** The newest first. */
  recent: readonly Judged[]
  /** Verdicts that the server does not know yet. */
  waiting: number
}

export interface Post {
  judge: (verdicts: Schema['Verdict'][]) => Promise<Schema['Judged']>
  undo: (judgementId: number) => Promise<unknown>
}

const PREFIX = 'cratewise.verdict.' // and whose it is
const FIRST_PAUSE = 1_000 // milliseconds; doubled at each failure
const LONGEST_PAUSE = 15_000
const MOST_AT_ONCE = 100

export class Outbox {
  #waiting = new Map<string, Waiting>()
  #known = new Map<string, number>() // key → the server's number
  #recent: Judged[] = []
  #listeners = new Set<() => void>()
  #snapshot: Snapshot = { verdicts: new Map(), recent: [], waiting: 0 }
  #isSending = false
  #pause = FIRST_PAUSE
  readonly #post: Post
  readonly #storage: Storage
  readonly #prefix: string
  readonly #later: (deed: () => void, milliseconds: number) => void

  constructor(
    post: Post,
    storage: Storage,
    owner: string,
    // Called as a method, the browser's own setTimeout refuses: it is no window's.
    later = (deed: () => void, milliseconds: number): void => void setTimeout(deed, milliseconds),
  ) {
    this.#post = post
    this.#storage = storage
    this.#prefix = `${PREFIX}${encodeURIComponent(owner)}.`
    this.#later = later
    for (const judged of this.#stored()) {
      this.#waiting.set(judged.key, judged)
      if (!judged.isUndone) this.#recent.unshift(judged)
    }
    this.#tell()
    this.flush()
  }

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  readonly snapshot = (): Snapshot => this.#snapshot

  judge(listingId: number, name: string, verdict: Verdict): Judged {
    const judged: Waiting = {
      key: randomKey(),
      listingId,
      name,
      verdict,
      judgedAt: new Date().toISOString(),
    }
    this.#put(judged)
    this.#recent.unshift(judged)
    this.#tell()
    this.flush()
    return judged
  }

  /** Take a verdict back, by default the last one; null when there is none. */
  undo(judged = this.#recent[0]): Judged | null {
    if (!judged) return null
    this.#recent = this.#recent.filter((one) => one.key !== judged.key)
    // One that is on its way may have arrived: it is taken back once that is known.
    this.#put({ ...judged, isUndone: true })
    this.#tell()
    this.flush()
    return judged
  }

  /** Send what waits; again and again while the server is away. */
  flush(): void {
    if (this.#isSending || this.#waiting.size === 0) return
    this.#isSending = true
    void this.#send().then(
      () => {
        this.#isSending = false
        this.#pause = FIRST_PAUSE
        this.flush()
      },
      () => {
        this.#isSending = false
        this.#later(() => this.flush(), this.#pause)
        this.#pause = Math.min(this.#pause * 2, LONGEST_PAUSE)
      },
    )
  }

  async #send(): Promise<void> {
    const batch = [...this.#waiting.values()].slice(0, MOST_AT_ONCE)
    const unknown = batch.filter((one) => !this.#known.has(one.key))
    if (unknown.length) {
      const { results } = await this.#post.judge(
        unknown.map((one) => ({
          key: one.key,
          listing_id: one.listingId,
          verdict: one.verdict,
          judged_at: one.judgedAt,
        })),
      )
      for (const { key, judgement } of results) {
        if (judgement) this.#known.set(key, judgement.id)
        // One that the server will never take is not sent for ever.
        else this.#drop(key)
      }
    }
    for (const { key } of batch) await this.#settle(key)
    this.#tell()
  }

  async #settle(key: string): Promise<void> {
    const number = this.#known.get(key)
    if (number === undefined) return
    if (this.#waiting.get(key)?.isUndone) {
      await this.#post.undo(number).catch((error: unknown) => {
        if (error instanceof Unreachable) throw error
      })
    }
    this.#drop(key)
  }

  #put(judged: Waiting): void {
    this.#waiting.set(judged.key, judged)
    try {
      this.#storage.setItem(this.#prefix + judged.key, JSON.stringify(judged))
    } catch {
      // A browser that keeps nothing still sends it.
    }
  }

  #drop(key: string): void {
    this.#waiting.delete(key)
    try {
      this.#storage.removeItem(this.#prefix + key)
    } catch {
      // Nothing was kept either.
    }
  }

  #stored(): Waiting[] {
    try {
      return Object.keys(this.#storage)
        .filter((name) => name.startsWith(this.#prefix))
        .map((name) => JSON.parse(this.#storage.getItem(name) ?? '') as Waiting)
        .sort((a, b) => a.judgedAt.localeCompare(b.judgedAt))
    } catch {
      return []
    }
  }

  #tell(): void {
    this.#snapshot = {
      verdicts: new Map([...this.#recent].reverse().map((one) => [one.listingId, one.verdict])),
      recent: [...this.#recent],
      waiting: this.#waiting.size,
    }
    for (const listener of this.#listeners) listener()
  }
}
