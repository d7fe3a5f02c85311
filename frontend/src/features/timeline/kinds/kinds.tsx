import { IconPoint } from '@tabler/icons-react'
import { useTranslation } from 'react-i18next'
import { type EventKind, isEventKind } from '@/api/kinds'
import {
  DeliveryFailed,
  DeliveryRecalled,
  DeliveryReported,
  DeliveryUnsure,
  EventRedacted,
  MessageMoved,
} from './delivery'
import { type Line, type LineProps, Quiet, useWho } from './line'
import {
  MessageReceived,
  MessageWritten,
  NoteAdded,
  SideDone,
  SideJoined,
  SideMoved,
  SideOpened,
  SideReopened,
} from './side'
import {
  TicketAssigned,
  TicketAttended,
  TicketFollowed,
  TicketOpened,
  TicketPriority,
  TicketStatus,
  TicketSubject,
  TicketTagged,
} from './ticket'

const Nothing: Line = () => null

/** How each kind of event reads on the timeline. A kind without a line does not compile. */
const kinds: Record<EventKind, Line> = {
  'message.received': MessageReceived,
  'message.written': MessageWritten,
  'message.moved': MessageMoved,
  'note.added': NoteAdded,
  // Each message shows its own delivery; only what went wrong is told.
  'delivery.sent': Nothing,
  'delivery.failed': DeliveryFailed,
  'delivery.unsure': DeliveryUnsure,
  'delivery.recalled': DeliveryRecalled,
  'delivery.reported': DeliveryReported,
  'ticket.opened': TicketOpened,
  'ticket.status': TicketStatus,
  'ticket.assigned': TicketAssigned,
  'ticket.priority': TicketPriority,
  'ticket.tagged': TicketTagged,
  'ticket.subject': TicketSubject,
  'ticket.followed': TicketFollowed,
  'ticket.attended': TicketAttended,
  'conversation.started': Nothing,
  'side.opened': SideOpened,
  'side.done': SideDone,
  'side.reopened': SideReopened,
  'side.joined': SideJoined,
  'side.moved': SideMoved,
  'event.redacted': EventRedacted,
}

/** A kind of a newer desk: one plain line. */
function UnknownKind({ event }: LineProps) {
  const { t } = useTranslation()
  return (
    <Quiet event={event} icon={<IconPoint size={14} />}>
      {t('event.unknown', { who: useWho(event), kind: event.kind })}
    </Quiet>
  )
}

export function EventLine({ event }: LineProps) {
  const Kind = isEventKind(event.kind) ? kinds[event.kind] : UnknownKind
  return <Kind event={event} />
}
