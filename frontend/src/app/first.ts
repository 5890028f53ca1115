import type { QueryClient } from '@tanstack/react-query'

import { session } from '@/api/session'
import { home } from '@/features/home/queries'
import { connection } from '@/features/settings/connection'
import { settings } from '@/features/settings/queries'
import { taste } from '@/features/taste/queries'

const PATIENCE_MILLISECONDS = 400

/**
 * What the first picture shows, as far as it comes soon: drawn once with all of it, instead of
 * once more for each answer.  public/early.js asked for it already, and for what stands below it.
 */
export async function firstAnswers(client: QueryClient): Promise<void> {
  const asked: Promise<unknown>[] = [client.query(session())]
  const isShared = 'shared' in document.documentElement.dataset
  if (location.pathname === '/' && !isShared) {
    asked.push(client.query(home()), client.query(taste()))
    asked.push(client.query(settings()), client.query(connection())) // what newcomers are told first
  }
  const patience = new Promise((end) => setTimeout(end, PATIENCE_MILLISECONDS))
  await Promise.race([Promise.allSettled(asked), patience])
}
