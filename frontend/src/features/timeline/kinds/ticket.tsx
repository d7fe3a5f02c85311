import {
  IconEye,
  IconFlag,
  IconLink,
  IconPencil,
  IconProgressCheck,
  IconTag,
  IconTicket,
  IconUser,
} from '@tabler/icons-react'
import { use } from 'react'
import { useTranslation } from 'react-i18next'
import type { Priority, Status } from '@/api/types'
import { AroundContext, fact, type LineProps, Quiet, useWho } from './line'

const size = 14

export function TicketOpened({ event }: LineProps) {
  const { t } = useTranslation()
  return (
    <Quiet event={event} icon={<IconTicket size={size} />}>
      {t('event.ticket.opened', { who: useWho(event) })}
    </Quiet>
  )
}

export function TicketStatus({ event }: LineProps) {
  const { t } = useTranslation()
  const who = useWho(event)
  const to = t(`status.${fact(event, 'to') as Status}`)
  const why = fact(event, 'reason') === 'customer_replied'
  return (
    <Quiet event={event} icon={<IconProgressCheck size={size} />}>
      {why ? t('event.ticket.status.replied', { to }) : t('event.ticket.status', { who, to })}
    </Quiet>
  )
}

export function TicketAssigned({ event }: LineProps) {
  const { t } = useTranslation()
  const { agentName } = use(AroundContext)
  const who = useWho(event)
  const assignee = fact(event, 'assignee')
  const self = assignee !== '' && assignee === event.by.agent
  const to = agentName(assignee) ?? t('event.who.somebody')
  return (
    <Quiet event={event} icon={<IconUser size={size} />}>
      {assignee === '' && t('event.ticket.unassigned', { who })}
      {self && t('event.ticket.taken', { who })}
      {assignee !== '' && !self && t('event.ticket.assigned', { who, to })}
    </Quiet>
  )
}

export function TicketPriority({ event }: LineProps) {
  const { t } = useTranslation()
  const to = t(`priority.${fact(event, 'to') as Priority}`)
  return (
    <Quiet event={event} icon={<IconFlag size={size} />}>
      {t('event.ticket.priority', { who: useWho(event), to })}
    </Quiet>
  )
}

export function TicketTagged({ event }: LineProps) {
  const { t } = useTranslation()
  const who = useWho(event)
  const tags = Array.isArray(event.facts.tags) ? event.facts.tags.join(', ') : ''
  return (
    <Quiet event={event} icon={<IconTag size={size} />}>
      {tags ? t('event.ticket.tagged', { who, tags }) : t('event.ticket.untagged', { who })}
    </Quiet>
  )
}

export function TicketSubject({ event }: LineProps) {
  const { t } = useTranslation()
  return (
    <Quiet event={event} icon={<IconPencil size={size} />}>
      {t('event.ticket.subject', { who: useWho(event), to: fact(event, 'to') })}
    </Quiet>
  )
}

export function TicketFollowed({ event }: LineProps) {
  const { t } = useTranslation()
  return (
    <Quiet event={event} icon={<IconLink size={size} />}>
      {t('event.ticket.followed', { number: fact(event, 'number') })}
    </Quiet>
  )
}

export function TicketAttended({ event }: LineProps) {
  const { t } = useTranslation()
  return (
    <Quiet event={event} icon={<IconEye size={size} />}>
      {t('event.ticket.attended', { who: useWho(event) })}
    </Quiet>
  )
}
