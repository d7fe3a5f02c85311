import { ActionIcon, Tooltip } from '@mantine/core'
import { IconX } from '@tabler/icons-react'
import type { ReactNode } from 'react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Status, Ticket } from '@/api/types'
import { useShortcut } from '@/lib/shortcuts'
import { AssigneeMenu } from './AssigneeMenu'
import { AttentionNote } from './AttentionNote'
import { PriorityMenu, StatusMenu } from './Menus'
import { useChange } from './queries'
import { SolveDialog } from './SolveDialog'
import { Subject } from './Subject'
import { Tags } from './Tags'
import classes from './TicketHeader.module.css'

type Props = {
  ticket: Ticket
  /** The agent who looks at it. */
  me: { id: string; name: string }
  onClose: () => void
  onSide: (id: string) => void
  /** Draws a link to another ticket: the page knows the routes. */
  link: (number: number, content: ReactNode) => ReactNode
}

/** What the ticket is: its subject and number, who asks, and what the desk makes of it. */
export function TicketHeader({ ticket, me, onClose, onSide, link }: Props) {
  const { t } = useTranslation()
  const change = useChange(ticket)
  const [asking, setAsking] = useState(false)
  const openSides = ticket.conversations.filter(
    ({ kind, state, moved }) => kind === 'side' && state === 'open' && !moved,
  )
  const frozen = ticket.status === 'closed'
  const setStatus = (status: Status) => {
    if (status === ticket.status || status === 'new') return
    if (status === 'solved' && openSides.length > 0) setAsking(true)
    else change.mutate({ status })
  }
  useShortcut('ticket.solve', () => setStatus('solved'), !frozen)
  useShortcut('ticket.take', () => change.mutate({ assignee: me.id }), !frozen)
  useShortcut('ticket.close', onClose)
  return (
    <header className={classes.header}>
      <div className={classes.top}>
        <Subject
          key={ticket.number}
          subject={ticket.subject}
          number={ticket.number}
          disabled={frozen}
          onChange={(subject) => change.mutate({ subject })}
        />
        <Tooltip label={t('ticket.close')}>
          <ActionIcon variant="subtle" size="sm" aria-label={t('ticket.close')} onClick={onClose}>
            <IconX size={16} />
          </ActionIcon>
        </Tooltip>
      </div>
      <div className={classes.facts}>
        <StatusMenu status={ticket.status} disabled={frozen} onChange={setStatus} />
        <AssigneeMenu
          assignee={ticket.assignee}
          me={me}
          disabled={frozen}
          onChange={(assignee) => change.mutate({ assignee })}
        />
        <PriorityMenu
          priority={ticket.priority}
          disabled={frozen}
          onChange={(priority) => change.mutate({ priority })}
        />
      </div>
      <div className={classes.requester}>
        <b>{ticket.requester.name || ticket.requester.email}</b>
        {ticket.requester.name && <span>{ticket.requester.email}</span>}
        {ticket.mailbox_email && <span>{t('ticket.mailbox', { mailbox: ticket.mailbox_email })}</span>}
        {ticket.follows && <span>{link(ticket.follows.number, t('ticket.follows', ticket.follows))}</span>}
        {ticket.followed_by.map((next) => (
          <span key={next.number}>{link(next.number, t('ticket.followed', next))}</span>
        ))}
        <Tags tags={ticket.tags} disabled={frozen} onChange={(tags) => change.mutate({ tags })} />
      </div>
      {ticket.attention && <AttentionNote onDone={() => change.mutate({ attended: true })} />}
      <SolveDialog
        opened={asking}
        sides={openSides}
        onSide={(id) => {
          setAsking(false)
          onSide(id)
        }}
        onClose={() => setAsking(false)}
        onSolve={() => {
          setAsking(false)
          change.mutate({ status: 'solved' })
        }}
      />
    </header>
  )
}
