/** The only way to the server: typed by what it says of itself, and its refusals as errors. */
import createClient from 'openapi-fetch'

import { ask } from './early'
import { Refused, Unreachable } from './refused'
import type { components, paths } from './schema'

export type Schema = components['schemas']

export const server = createClient<paths>({ baseUrl: '/', fetch: ask })

interface Answer<T> {
  data?: T
  error?: unknown
  response: Response
}

/**
 * What was asked for.  Throws Refused with the server's own sentence, Unreachable without one.
 * `also`: another status whose body is the answer all the same.
 */
export async function answer<T>(asked: Promise<Answer<T>>, also?: number): Promise<NonNullable<T>> {
  let got: Answer<T>
  try {
    got = await asked
  } catch (cause) {
    throw new Unreachable(cause)
  }
  const { status, ok } = got.response
  if (!ok && status !== also) throw Refused.from(status, got.error)
  return (got.data ?? got.error) as NonNullable<T>
}
