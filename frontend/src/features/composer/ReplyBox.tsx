import { ActionIcon, Alert, Group, Menu, UnstyledButton } from '@mantine/core'
import { IconChevronDown } from '@tabler/icons-react'
import { useQueryClient } from '@tanstack/react-query'
import { useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Conversation, Ticket } from '@/api/types'
import { onRecall } from '@/lib/recalls'
import { useShortcut } from '@/lib/shortcuts'
import { Composer } from './Composer'
import classes from './Composer.module.css'
import { giveBack } from './drafts'
import { blank } from './form'
import { SendButton } from './SendButton'
import { useReply } from './useReply'

type Mode = 'reply' | 'note'
type Props = { ticket: Ticket; conversation: Conversation; lastSeq: number }

const statuses = ['open', 'pending', 'on-hold', 'solved'] as const

/** Where an agent writes to the customer, or a note beside that thread. Folded until it is wanted. */
export function ReplyBox({ ticket, conversation, lastSeq }: Props) {
  const { t } = useTranslation()
  const [mode, setMode] = useState<Mode | null>(null)
  const closed = ticket.status === 'closed'
  useRecalled()
  useShortcut('ticket.reply', () => setMode('reply'), !closed)
  useShortcut('ticket.note', () => setMode('note'))

  if (mode === null)
    return (
      <div className={classes.folded}>
        {!closed && (
          <UnstyledButton className={classes.opener} onClick={() => setMode('reply')}>
            {t('composer.reply.to', { who: ticket.requester.name || ticket.requester.email })}
          </UnstyledButton>
        )}
        <UnstyledButton className={classes.opener} data-kind="note" onClick={() => setMode('note')}>
          {t('composer.note')}
        </UnstyledButton>
        {closed && <span className={classes.keeping}>{t('composer.closed')}</span>}
      </div>
    )
  return (
    <div className={classes.box} data-kind={mode === 'note' ? 'note' : 'customer'}>
      <div className={classes.tabs}>
        <div className={classes.tablist} role="tablist" aria-label={t('composer.mode')}>
          {(closed ? (['note'] as const) : (['reply', 'note'] as const)).map((one) => (
            <button
              key={one}
              type="button"
              role="tab"
              className={classes.tab}
              aria-selected={mode === one}
              data-kind={one}
              onClick={() => setMode(one)}
            >
              {t(`composer.${one}`)}
            </button>
          ))}
        </div>
        <ActionIcon variant="subtle" aria-label={t('composer.foldup')} onClick={() => setMode(null)}>
          <IconChevronDown size={16} />
        </ActionIcon>
      </div>
      {mode === 'reply' ? (
        <PublicReply key="reply" conversation={conversation} lastSeq={lastSeq} />
      ) : (
        <NoteBox key="note" conversation={conversation} lastSeq={lastSeq} onDone={() => setMode(null)} />
      )}
    </div>
  )
}

function PublicReply({ conversation, lastSeq }: Omit<Props, 'ticket'>) {
  const { t } = useTranslation()
  const { draft, write, notice, error } = useReply(conversation, lastSeq, 'message')
  const [status, setStatus] = useState<(typeof statuses)[number]>()
  return (
    <Composer
      kind="customer"
      label={t('composer.reply')}
      placeholder={t('composer.reply.hint')}
      draft={draft}
      focus="text"
      sending={write.isPending}
      error={error}
      notice={notice}
      onSend={(form) => write.mutate({ form, status })}
      onDiscard={draft.clear}
      send={(submit, sending) => (
        <Group gap={6} wrap="nowrap">
          <Menu position="top-end" shadow="md">
            <Menu.Target>
              <UnstyledButton className={classes.status}>
                {status ? t(`composer.status.${status}`) : t('composer.status.keep')}
                <IconChevronDown size={13} aria-hidden />
              </UnstyledButton>
            </Menu.Target>
            <Menu.Dropdown>
              <Menu.Item onClick={() => setStatus(undefined)}>{t('composer.status.keep')}</Menu.Item>
              {statuses.map((one) => (
                <Menu.Item key={one} onClick={() => setStatus(one)}>
                  {t(`composer.status.${one}`)}
                </Menu.Item>
              ))}
            </Menu.Dropdown>
          </Menu>
          <SendButton kind="customer" sending={sending} onClick={submit} />
        </Group>
      )}
    />
  )
}

function NoteBox({ conversation, lastSeq, onDone }: Omit<Props, 'ticket'> & { onDone: () => void }) {
  const { t } = useTranslation()
  const { draft, write, error } = useReply(conversation, lastSeq, 'note')
  return (
    <Composer
      kind="note"
      label={t('composer.note')}
      placeholder={t('composer.note.hint')}
      draft={draft}
      focus="text"
      sending={write.isPending}
      error={error}
      onSend={(form) => write.mutate({ form, anyway: true }, { onSuccess: onDone })}
      onDiscard={() => {
        draft.clear()
        onDone()
      }}
      send={(submit, sending) => <SendButton kind="note" sending={sending} onClick={submit} />}
      notice={
        <Alert color="note" className={classes.notice}>
          {t('composer.note.stays')}
        </Alert>
      }
    />
  )
}

/** Words that a message card took back go into the composer of their conversation. */
function useRecalled(): void {
  const queries = useQueryClient()
  // The outside system is the channel on which cards tell of messages that came back.
  useEffect(
    () =>
      onRecall(({ conversation, html, to, cc, bcc, attachments }) => {
        const chips = (people: { name?: string; email: string }[]) =>
          people.map(({ name, email }) => ({ name: name ?? '', email, valid: true }))
        giveBack(queries, `conversation:${conversation}`, {
          ...blank({ to: chips(to), cc: chips(cc), bcc: chips(bcc) }),
          html,
          files: attachments.map(({ id, name, type, size }) => ({ id, name, type, size })),
          signature: false,
          seen: Number.MAX_SAFE_INTEGER,
        })
      }),
    [queries],
  )
}
