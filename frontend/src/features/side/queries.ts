import { useMutation, useQueryClient } from '@tanstack/react-query'
import { ask, desk } from '@/api/client'
import { keys } from '@/api/keys'
import type { Conversation, Ticket } from '@/api/types'

function useNewer(conversation: Conversation) {
  const queries = useQueryClient()
  return (now: Conversation) => {
    queries.setQueryData<Ticket>(
      keys.ticket(conversation.ticket),
      (ticket) =>
        ticket && {
          ...ticket,
          conversations: ticket.conversations.map((one) => (one.id === now.id ? now : one)),
        },
    )
    void queries.invalidateQueries({ queryKey: keys.tickets })
  }
}

/** Marks a side conversation as done, or opens it again. Undo is the other button, so the answer is shown as it comes. */
export function useTurnDone(conversation: Conversation) {
  const newer = useNewer(conversation)
  return useMutation({
    mutationFn: (state: Conversation['state']) =>
      ask(
        desk.PATCH('/api/conversations/{id}', { params: { path: { id: conversation.id } }, body: { state } }),
      ),
    onSuccess: newer,
  })
}

/** Keeps or removes somebody who turned up. */
export function useParticipant(conversation: Conversation) {
  const newer = useNewer(conversation)
  return useMutation({
    mutationFn: (body: { email: string; keep: boolean }) =>
      ask(
        desk.POST('/api/conversations/{id}/participants', {
          params: { path: { id: conversation.id } },
          body,
        }),
      ),
    onSuccess: newer,
  })
}

/** Moves this agent's read mark. A mark that did not arrive is set by the next message that is seen. */
export function useRead(conversation: Conversation) {
  const queries = useQueryClient()
  return useMutation({
    mutationFn: (up_to: number) =>
      ask(
        desk.POST('/api/conversations/{id}/read', {
          params: { path: { id: conversation.id } },
          body: { up_to },
        }),
      ),
    onSuccess: (_, up_to) => {
      queries.setQueryData<Ticket>(
        keys.ticket(conversation.ticket),
        (ticket) =>
          ticket && {
            ...ticket,
            conversations: ticket.conversations.map((one) =>
              one.id === conversation.id ? { ...one, read_to: up_to, unread: one.last_seq > up_to } : one,
            ),
          },
      )
    },
  })
}
