import { Tooltip, UnstyledButton } from '@mantine/core'
import { IconLock, IconRobot } from '@tabler/icons-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Message } from '@/api/types'
import { localeTag } from '@/i18n/i18n'
import { fullTime, threadTime } from '@/lib/dates'
import { DeliveryLine } from './DeliveryLine'
import { Files } from './Files'
import { MailFrame } from './MailFrame'
import classes from './MessageCard.module.css'
import { MessageMenu } from './MessageMenu'
import { People } from './People'
import { Trust } from './Trust'

type Props = { message: Message; tone: 'customer' | 'side' }

function nameOf(message: Message): string {
  return message.agent?.name || message.author.name || message.author.email
}

/**
 * One message. Its colour and its head say which of three things it is: the customer's thread, a side
 * conversation, or a note that never leaves. Mail of machines is one grey line until it is opened.
 */
export function MessageCard({ message, tone }: Props) {
  const [open, setOpen] = useState(!message.automatic)
  return open ? (
    <Card message={message} tone={tone} />
  ) : (
    <Quiet message={message} onOpen={() => setOpen(true)} />
  )
}

function Quiet({ message, onOpen }: { message: Message; onOpen: () => void }) {
  const { t } = useTranslation()
  return (
    <article className={classes.quiet} data-message={message.id}>
      <UnstyledButton onClick={onOpen} className={classes.quietLine} aria-expanded={false}>
        <IconRobot size={15} aria-hidden />
        <span className={classes.quietText}>
          {t('message.automatic', { author: nameOf(message), preview: message.preview })}
        </span>
        <When iso={message.occurred_at} />
      </UnstyledButton>
    </article>
  )
}

function When({ iso }: { iso: string }) {
  return (
    <Tooltip label={fullTime(iso, localeTag())}>
      <time className={classes.time} dateTime={iso}>
        {threadTime(iso, new Date(), localeTag())}
      </time>
    </Tooltip>
  )
}

function Card({ message, tone }: Props) {
  const { t } = useTranslation()
  const note = message.direction === 'note'
  const kind = note ? 'note' : tone
  const author = nameOf(message)
  return (
    <article
      className={classes.card}
      data-kind={kind}
      data-way={message.direction}
      data-recalled={message.delivery?.state === 'recalled' || undefined}
      data-message={message.id}
      aria-label={t(`message.card.${kind}`, { author })}
    >
      <header className={classes.head}>
        <span className={classes.author}>{author}</span>
        {message.direction === 'in' && author !== message.author.email && (
          <span className={classes.address}>{message.author.email}</span>
        )}
        {note && (
          <span className={classes.badge}>
            <IconLock size={12} aria-hidden />
            {t('message.note')}
          </span>
        )}
        <span className={classes.gap} />
        <When iso={message.occurred_at} />
        <MessageMenu message={message} />
      </header>
      {!note && <People message={message} />}
      <Trust message={message} />
      <MailFrame message={message.id} author={author} text={message.text} />
      <Files files={message.attachments} />
      {message.delivery && <DeliveryLine message={message} delivery={message.delivery} />}
    </article>
  )
}
