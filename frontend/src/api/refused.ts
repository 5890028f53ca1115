import type { Schema } from './server'

/** The server refused, and says why: the problem's sentence is the message. */
export class Refused extends Error {
  readonly status: number
  readonly problem: Partial<Schema['Problem']>

  constructor(status: number, problem: Partial<Schema['Problem']>) {
    super(problem.detail ?? problem.title ?? `The server answered with status ${status}.`)
    this.name = 'Refused'
    this.status = status
    this.problem = problem
  }

  static from(status: number, body: unknown): Refused {
    return new Refused(status, typeof body === 'object' && body !== null ? body : {})
  }
}

/** No answer: the server ended, or the network is away. */
export class Unreachable extends Error {
  constructor(cause: unknown) {
    super('Cratewise does not answer.', { cause })
    this.name = 'Unreachable'
  }
}
