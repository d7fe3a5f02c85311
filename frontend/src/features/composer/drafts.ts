import type { QueryClient } from '@tanstack/react-query'
import { ask, desk } from '@/api/client'
import { keys } from '@/api/keys'
import type { Draft } from '@/api/types'
import type { Form } from './form'

type Kept = { drafts: Draft[] }

/** Composers that are open, by their names: words that come back go straight into them. */
const open = new Map<string, (form: Form) => void>()

export function listen(composer: string, take: (form: Form) => void): () => void {
  open.set(composer, take)
  return () => {
    if (open.get(composer) === take) open.delete(composer)
  }
}

function remember(queries: QueryClient, composer: string, draft: Draft | null): void {
  queries.setQueryData<Kept>(keys.drafts, (kept) => {
    if (!kept) return kept
    const others = kept.drafts.filter((one) => one.composer !== composer)
    return { ...kept, drafts: draft ? [...others, draft] : others }
  })
}

export async function keepDraft(queries: QueryClient, composer: string, form: Form): Promise<void> {
  const body = { ...form } as Record<string, unknown>
  remember(queries, composer, { composer, body, updated_at: new Date().toISOString() })
  await ask(desk.PUT('/api/drafts/{composer}', { params: { path: { composer } }, body: { body } }))
}

export async function dropDraft(queries: QueryClient, composer: string): Promise<void> {
  remember(queries, composer, null)
  await ask(desk.DELETE('/api/drafts/{composer}', { params: { path: { composer } } }))
}

/** Puts words back where they were written: into the open composer, else into its draft. */
export function giveBack(queries: QueryClient, composer: string, form: Form): void {
  const take = open.get(composer)
  if (take) take(form)
  else void keepDraft(queries, composer, form)
}
