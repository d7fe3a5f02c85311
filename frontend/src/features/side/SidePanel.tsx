import { ActionIcon, Alert, Button, Menu, Tooltip } from '@mantine/core'
import { IconArrowLeft, IconMail, IconMessages, IconPlus } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { settingsQuery } from '@/api/queries'
import type { Conversation, Message, Ticket } from '@/api/types'
import { keyNames, shortcuts, useShortcut } from '@/lib/shortcuts'
import { EmptyState } from '@/ui/EmptyState'
import { sidesOf } from './order'
import classes from './Side.module.css'
import { SideConversation } from './SideConversation'
import { SideRow } from './SideRow'

export type SidePanelProps = {
  ticket: Ticket
  /** Which one is open: an id, "new" for the composer of a new one, nothing for the list. */
  open?: string
  onOpen: (open?: string) => void
  renderMessage: (message: Message) => ReactNode
  composer: (conversation: Conversation, lastSeq: number) => ReactNode
  newSide: (onDone: (conversation?: string) => void) => ReactNode
}

/** The context panel: the ticket's side conversations, or the one that is open. */
export function SidePanel({ ticket, open, onOpen, renderMessage, composer, newSide }: SidePanelProps) {
  const { t } = useTranslation()
  const sides = sidesOf(ticket)
  const shown = sides.find(({ id }) => id === open)
  const settings = useQuery(settingsQuery())
  const off = settings.data?.mail_side_conversations === false
  useShortcut('side.new', () => onOpen('new'), !off)
  useShortcut('side.list', () => onOpen(undefined), open !== undefined)

  return (
    <section className={classes.panel} aria-label={t('side.title')}>
      {open === 'new' ? (
        <>
          <header className={classes.bar}>
            <Back onClick={() => onOpen(undefined)} />
            <h2 className={classes.title}>{t('side.new')}</h2>
          </header>
          <div className={classes.scroll}>{newSide(onOpen)}</div>
        </>
      ) : shown ? (
        <SideConversation
          key={shown.id}
          ticket={ticket}
          conversation={shown}
          back={<Back onClick={() => onOpen(undefined)} />}
          renderMessage={renderMessage}
          composer={composer}
        />
      ) : (
        <>
          <header className={classes.bar}>
            <h2 className={classes.title}>{t('side.title')}</h2>
            <AddMenu off={off} onNew={() => onOpen('new')} />
          </header>
          {off && (
            <Alert color="note" className={classes.note}>
              {t('side.off')}
            </Alert>
          )}
          {sides.length === 0 ? (
            <EmptyState
              icon={<IconMessages size={22} />}
              title={t('side.empty.title')}
              action={
                !off && (
                  <Button color="side" leftSection={<IconMail size={16} />} onClick={() => onOpen('new')}>
                    {t('side.empty.start')}
                  </Button>
                )
              }
            >
              {t('side.empty.text')}
            </EmptyState>
          ) : (
            <ul className={classes.list}>
              {sides.map((one) => (
                <SideRow key={one.id} conversation={one} onOpen={() => onOpen(one.id)} />
              ))}
            </ul>
          )}
        </>
      )}
    </section>
  )
}

function Back({ onClick }: { onClick: () => void }) {
  const { t } = useTranslation()
  const words = t('side.back')
  return (
    <Tooltip label={`${words} (${keyNames(shortcuts['side.list'][0]).join(' ')})`}>
      <ActionIcon variant="subtle" aria-label={words} onClick={onClick}>
        <IconArrowLeft size={18} />
      </ActionIcon>
    </Tooltip>
  )
}

function AddMenu({ off, onNew }: { off: boolean; onNew: () => void }) {
  const { t } = useTranslation()
  const words = t('side.new')
  return (
    <Menu position="bottom-end" shadow="md">
      <Menu.Target>
        <ActionIcon color="side" variant="filled" disabled={off} aria-label={words} title={`${words} (C)`}>
          <IconPlus size={18} />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Item leftSection={<IconMail size={16} />} onClick={onNew}>
          {t('side.email')}
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  )
}
