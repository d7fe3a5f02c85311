import { useMutation, useQueryClient } from '@tanstack/react-query'
import { ask, desk, isCode } from '@/api/client'
import { keys } from '@/api/keys'
import { messagePage } from '@/api/queries'
import type { Conversation, NewMessage, Ticket } from '@/api/types'
import { newId } from '@/lib/ids'
import { type Form, outgoing } from './form'
import { toPeople } from './recipients'
import { noticeSent } from './SentNotice'
import { useComposerData } from './useComposerData'

export type Sending = { form: Form; status?: NewMessage['status']; anyway?: boolean }

function lines(form: Form) {
  return { to: toPeople(form.to), cc: toPeople(form.cc), bcc: toPeople(form.bcc) }
}

/** The same words for another message: the id of the one that was taken back is used up. */
function again(form: Form): Form {
  return { ...form, id: newId() }
}

/**
 * Sends a message, or keeps a note, in a conversation. The form's id makes it safe to ask twice; where another
 * window has used it up for other words, taken is called to give these an id of their own.
 */
export function useWrite(
  conversation: string,
  ticket: number,
  kind: NewMessage['kind'],
  done: () => void,
  taken: () => void,
) {
  const queries = useQueryClient()
  const { signature } = useComposerData()
  return useMutation({
    mutationFn: ({ form, status, anyway }: Sending) =>
      ask(
        desk.POST('/api/conversations/{id}/messages', {
          params: { path: { id: conversation } },
          body: {
            id: form.id,
            kind,
            ...(kind === 'message' ? lines(form) : {}),
            html: kind === 'message' ? outgoing(form, signature) : form.html,
            attachments: form.files.map(({ id }) => id),
            seen_up_to: form.seen,
            ...(anyway ? { anyway } : {}),
            ...(status ? { status } : {}),
          },
        }),
      ),
    onError: (error) => isCode(error, 'id_taken') && taken(),
    onSuccess: (message, { form }) => {
      done()
      if (message.delivery)
        noticeSent({ conversation, delivery: message.delivery, form: again(form), queries })
      void queries.invalidateQueries({ queryKey: keys.messages(conversation) })
      void queries.invalidateQueries({ queryKey: keys.ticket(ticket) })
    },
  })
}

/** Starts a side conversation with its first message. */
export function useStart(ticket: Ticket, done: (conversation: Conversation) => void, taken: () => void) {
  const queries = useQueryClient()
  const { signature } = useComposerData()
  return useMutation({
    mutationFn: ({ form }: Sending) =>
      ask(
        desk.POST('/api/tickets/{number}/side-conversations', {
          params: { path: { number: ticket.number } },
          body: {
            id: form.side,
            channel: 'mail',
            ...lines(form),
            subject: form.subject.trim(),
            html: outgoing(form, signature),
            attachments: form.files.map(({ id }) => id),
          },
        }),
      ),
    onError: (error) => isCode(error, 'id_taken') && taken(),
    onSuccess: async (conversation, { form }) => {
      await queries.invalidateQueries({ queryKey: keys.ticket(ticket.number) })
      done(conversation)
      const page = await messagePage(conversation.id, {}).catch(() => null)
      const delivery = page?.messages.at(-1)?.delivery
      if (delivery) noticeSent({ conversation: conversation.id, delivery, form: again(form), queries })
    },
  })
}
