import {
  IconArrowRight,
  IconCircleCheck,
  IconMessagePlus,
  IconMessages,
  IconNote,
  IconRotate,
  IconUserPlus,
} from '@tabler/icons-react'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { fact, type LineProps, Quiet, SideLink, useWho } from './line'

const size = 14

function Side({ event, icon, children }: LineProps & { icon: ReactNode; children: ReactNode }) {
  return (
    <Quiet event={event} tone="side" icon={icon}>
      {children} <SideLink event={event} />
    </Quiet>
  )
}

export function SideOpened({ event }: LineProps) {
  const { t } = useTranslation()
  return (
    <Side event={event} icon={<IconMessagePlus size={size} />}>
      {t('event.side.opened', { who: useWho(event) })}
    </Side>
  )
}

export function SideDone({ event }: LineProps) {
  const { t } = useTranslation()
  return (
    <Side event={event} icon={<IconCircleCheck size={size} />}>
      {t('event.side.done', { who: useWho(event) })}
    </Side>
  )
}

export function SideReopened({ event }: LineProps) {
  const { t } = useTranslation()
  return (
    <Side event={event} icon={<IconRotate size={size} />}>
      {t('event.side.reopened', { who: useWho(event) })}
    </Side>
  )
}

export function SideJoined({ event }: LineProps) {
  const { t } = useTranslation()
  return (
    <Side event={event} icon={<IconUserPlus size={size} />}>
      {t('event.side.joined', { who: useWho(event), address: fact(event, 'address') })}
    </Side>
  )
}

export function SideMoved({ event }: LineProps) {
  const { t } = useTranslation()
  return (
    <Side event={event} icon={<IconArrowRight size={size} />}>
      {t('event.side.moved')}
    </Side>
  )
}

export function MessageReceived({ event }: LineProps) {
  const { t } = useTranslation()
  const who = useWho(event)
  const automatic = event.facts.human === false
  return (
    <Side event={event} icon={<IconMessages size={size} />}>
      {automatic ? t('event.message.automatic', { who }) : t('event.message.received', { who })}
    </Side>
  )
}

export function MessageWritten({ event }: LineProps) {
  const { t } = useTranslation()
  return (
    <Side event={event} icon={<IconMessages size={size} />}>
      {t('event.message.written', { who: useWho(event) })}
    </Side>
  )
}

export function NoteAdded({ event }: LineProps) {
  const { t } = useTranslation()
  return (
    <Side event={event} icon={<IconNote size={size} />}>
      {t('event.note.added', { who: useWho(event) })}
    </Side>
  )
}
