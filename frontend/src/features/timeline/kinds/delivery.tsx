import {
  IconArrowBackUp,
  IconArrowRight,
  IconEraser,
  IconMailExclamation,
  IconMailQuestion,
} from '@tabler/icons-react'
import { useTranslation } from 'react-i18next'
import { fact, type LineProps, Quiet, SideLink, useWho } from './line'

const size = 14

export function DeliveryFailed({ event }: LineProps) {
  const { t } = useTranslation()
  const to = Array.isArray(event.facts.recipients) ? event.facts.recipients.join(', ') : ''
  return (
    <Quiet event={event} tone="danger" icon={<IconMailExclamation size={size} />}>
      {t('event.delivery.failed', { to, reason: fact(event, 'reason') })} <SideLink event={event} />
    </Quiet>
  )
}

export function DeliveryReported({ event }: LineProps) {
  const { t } = useTranslation()
  const failed = fact(event, 'state') === 'failed'
  const words = { to: fact(event, 'recipient'), reason: fact(event, 'reason') }
  return (
    <Quiet event={event} tone={failed ? 'danger' : undefined} icon={<IconMailExclamation size={size} />}>
      {failed ? t('event.delivery.failed', words) : t('event.delivery.delayed', words)}{' '}
      <SideLink event={event} />
    </Quiet>
  )
}

export function DeliveryUnsure({ event }: LineProps) {
  const { t } = useTranslation()
  return (
    <Quiet event={event} tone="danger" icon={<IconMailQuestion size={size} />}>
      {t('event.delivery.unsure')} <SideLink event={event} />
    </Quiet>
  )
}

export function DeliveryRecalled({ event }: LineProps) {
  const { t } = useTranslation()
  return (
    <Quiet event={event} icon={<IconArrowBackUp size={size} />}>
      {t('event.delivery.recalled', { who: useWho(event) })} <SideLink event={event} />
    </Quiet>
  )
}

export function MessageMoved({ event }: LineProps) {
  const { t } = useTranslation()
  return (
    <Quiet event={event} icon={<IconArrowRight size={size} />}>
      {t('event.message.moved')} <SideLink event={event} />
    </Quiet>
  )
}

export function EventRedacted({ event }: LineProps) {
  const { t } = useTranslation()
  return (
    <Quiet event={event} icon={<IconEraser size={size} />}>
      {t('event.redacted')}
    </Quiet>
  )
}
