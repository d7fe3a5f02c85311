import { useMutation, useQueryClient } from '@tanstack/react-query'
import { ask, desk } from '@/api/client'
import { keys } from '@/api/keys'
import type { Message } from '@/api/types'
import { announceRecall } from '@/lib/recalls'

/** Takes a queued message back. What was written goes back to whoever composes in that conversation. */
export function useRecall(message: Message) {
  const queries = useQueryClient()
  return useMutation({
    mutationFn: (id: string) => ask(desk.POST('/api/deliveries/{id}/recall', { params: { path: { id } } })),
    onSuccess: () =>
      announceRecall({
        conversation: message.conversation,
        html: message.html,
        to: message.to,
        cc: message.cc,
        bcc: message.bcc,
        attachments: message.attachments,
      }),
    onSettled: () => queries.invalidateQueries({ queryKey: keys.messages(message.conversation) }),
  })
}

/** Tries a failed message again. */
export function useRetry(message: Message) {
  const queries = useQueryClient()
  return useMutation({
    mutationFn: (id: string) => ask(desk.POST('/api/deliveries/{id}/retry', { params: { path: { id } } })),
    onSettled: () => queries.invalidateQueries({ queryKey: keys.messages(message.conversation) }),
  })
}
