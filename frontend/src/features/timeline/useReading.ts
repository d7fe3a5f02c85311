import { useQueryClient } from '@tanstack/react-query'
import { useEffect, useSyncExternalStore } from 'react'
import { ask, desk } from '@/api/client'
import { keys } from '@/api/keys'
import type { Conversation } from '@/api/types'

function watchEyes(changed: () => void): () => void {
  window.addEventListener('focus', changed)
  window.addEventListener('blur', changed)
  document.addEventListener('visibilitychange', changed)
  return () => {
    window.removeEventListener('focus', changed)
    window.removeEventListener('blur', changed)
    document.removeEventListener('visibilitychange', changed)
  }
}

const eyes = () => document.visibilityState === 'visible' && document.hasFocus()

/** Marks a conversation as read while it is shown to somebody who looks at the window. */
export function useReading({ id, ticket, unread, last_seq }: Conversation, shown: boolean): void {
  const queries = useQueryClient()
  const watched = useSyncExternalStore(watchEyes, eyes)
  // The outside system is the desk, which keeps what each agent has read.
  useEffect(() => {
    if (!shown || !watched || !unread) return
    ask(desk.POST('/api/conversations/{id}/read', { params: { path: { id } }, body: { up_to: last_seq } }))
      .then(() => queries.invalidateQueries({ queryKey: keys.ticket(ticket) }))
      // A mark that did not arrive is made again when the conversation is looked at next.
      .catch(() => {})
  }, [id, ticket, unread, last_seq, shown, watched, queries])
}
