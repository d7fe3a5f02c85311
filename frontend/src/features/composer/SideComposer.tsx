import { useTranslation } from 'react-i18next'
import type { Conversation, Ticket } from '@/api/types'
import { newId } from '@/lib/ids'
import { Composer } from './Composer'
import { SendButton } from './SendButton'
import { useDraft } from './useDraft'
import { useReply } from './useReply'
import { useStart } from './useSend'

type NewProps = { ticket: Ticket; onDone: (conversation?: string) => void }

/** A new side conversation by e-mail. The keys go to To at once. */
export function NewSide({ ticket, onDone }: NewProps) {
  const { t } = useTranslation()
  const draft = useDraft(`side:${ticket.number}`, {})
  const start = useStart(
    ticket,
    (conversation) => {
      draft.clear()
      onDone(conversation.id)
    },
    () => draft.edit({ id: newId(), side: newId() }),
  )
  return (
    <Composer
      kind="side"
      label={t('composer.side.new')}
      placeholder={t('composer.side.hint')}
      draft={draft}
      subject
      focus="people"
      customer={ticket.requester.email}
      sending={start.isPending}
      error={start.error}
      onSend={(form) => start.mutate({ form })}
      onDiscard={() => {
        draft.clear()
        onDone()
      }}
      send={(submit, sending) => <SendButton kind="side" sending={sending} onClick={submit} />}
    />
  )
}

type ReplyProps = { conversation: Conversation; lastSeq: number; customer?: string }

/** The next message of a side conversation. */
export function SideReply({ conversation, lastSeq, customer }: ReplyProps) {
  const { t } = useTranslation()
  const { draft, write, notice, error } = useReply(conversation, lastSeq, 'message')
  return (
    <Composer
      key={conversation.id}
      kind="side"
      label={t('composer.side.reply')}
      placeholder={t('composer.side.reply.hint')}
      draft={draft}
      customer={customer ?? conversation.participants.find((one) => one.customer)?.email}
      sending={write.isPending}
      error={error}
      notice={notice}
      onSend={(form) => write.mutate({ form })}
      onDiscard={draft.clear}
      send={(submit, sending) => <SendButton kind="side" sending={sending} onClick={submit} />}
    />
  )
}
