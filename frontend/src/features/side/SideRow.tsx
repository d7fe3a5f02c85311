import { UnstyledButton } from '@mantine/core'
import { IconBrandSlack, IconMail, IconMessage2 } from '@tabler/icons-react'
import { useTranslation } from 'react-i18next'
import type { Conversation } from '@/api/types'
import { localeTag } from '@/i18n/i18n'
import { fullTime, shortTime } from '@/lib/dates'
import { names } from './order'
import classes from './Side.module.css'

type Props = { conversation: Conversation; onOpen: () => void }

function ChannelIcon({ channel }: { channel: string }) {
  if (channel === 'mail') return <IconMail size={16} aria-hidden />
  if (channel === 'slack') return <IconBrandSlack size={16} aria-hidden />
  return <IconMessage2 size={16} aria-hidden />
}

/** One side conversation in the list: what about, with whom, what was said last, and whose turn it is. */
export function SideRow({ conversation, onOpen }: Props) {
  const { t } = useTranslation()
  const { subject, state, turn, unread, last_way, last_author, preview, last_at, moved, ticket } =
    conversation
  return (
    <li>
      <UnstyledButton
        className={classes.row}
        data-unread={unread || undefined}
        data-state={state}
        onClick={onOpen}
      >
        <span className={classes.rowHead}>
          <ChannelIcon channel={conversation.channel} />
          <span className={classes.subject}>{subject}</span>
          {unread && (
            <span className={classes.dot} role="img" aria-label={t('side.unread')} title={t('side.unread')} />
          )}
          <time className={classes.time} dateTime={last_at} title={fullTime(last_at, localeTag())}>
            {shortTime(last_at, new Date(), localeTag())}
          </time>
        </span>
        <span className={classes.people}>{names(conversation)}</span>
        <span className={classes.preview}>
          {moved
            ? t('side.moved', { number: ticket })
            : last_way === 'in'
              ? t('side.last.in', { who: last_author, preview })
              : t('side.last.out', { preview })}
        </span>
        <span className={classes.marks}>
          <span className={classes.mark} data-mark={state}>
            {t(`side.state.${state}`)}
          </span>
          {turn !== 'nobody' && (
            <span className={classes.mark} data-mark={turn}>
              {t(`side.turn.${turn}`)}
            </span>
          )}
        </span>
      </UnstyledButton>
    </li>
  )
}
