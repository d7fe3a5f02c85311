import { useQueryClient } from '@tanstack/react-query'
import { isCode } from '@/api/client'
import { keys } from '@/api/keys'
import type { Conversation } from '@/api/types'
import { newId } from '@/lib/ids'
import { Newer } from './Newer'
import type { Chip, Lines } from './recipients'
import { useDraft } from './useDraft'
import { useWrite } from './useSend'

/** The people that the next message of a conversation goes to: those who were kept, each on their own line. */
export function peopleOf(conversation: Conversation): Lines {
  const line = (kind: 'to' | 'cc' | 'bcc'): Chip[] =>
    conversation.participants
      .filter((one) => one.confirmed && one.class === kind)
      .map(({ name, email }) => ({ name: name ?? '', email, valid: true }))
  return { to: line('to'), cc: line('cc'), bcc: line('bcc') }
}

/** Writing into a conversation that exists: its draft, its sending, and the warning about what came meanwhile. */
export function useReply(conversation: Conversation, lastSeq: number, kind: 'message' | 'note') {
  const queries = useQueryClient()
  const note = kind === 'note'
  const draft = useDraft(`${note ? 'note' : 'conversation'}:${conversation.id}`, {
    ...(note ? {} : peopleOf(conversation)),
    seen: lastSeq,
  })
  const write = useWrite(conversation.id, conversation.ticket, kind, draft.clear, () =>
    draft.edit({ id: newId() }),
  )
  const newer = isCode(write.error, 'newer_message')

  const look = () => {
    draft.edit({ seen: lastSeq })
    write.reset()
    void queries.invalidateQueries({ queryKey: keys.messages(conversation.id) })
    const cards = document.querySelectorAll('[data-message]')
    const inPanel = conversation.kind === 'side' ? '[data-kind="side"]' : '[data-kind="customer"]'
    const last = [...cards].filter((card) => card.matches(inPanel)).at(-1)
    last?.scrollIntoView({ block: 'center', behavior: 'smooth' })
  }
  const notice = newer && (
    <Newer
      sending={write.isPending}
      onLook={look}
      onAnyway={() => write.mutate({ form: draft.form, anyway: true })}
    />
  )
  return { draft, write, notice, error: newer ? null : write.error }
}
