import { IconAlertCircle, IconMessages } from '@tabler/icons-react'
import { useTranslation } from 'react-i18next'
import type { TicketRow as Row } from '@/api/types'
import { localeTag } from '@/i18n/i18n'
import { fullTime, shortTime } from '@/lib/dates'
import { statusTone } from '@/lib/tones'
import { Chip } from '@/ui/Chip'
import classes from './TicketRow.module.css'

/** A ticket as the list shows it: what it is about, who asks, and what waits. */
export function TicketRow({ row, now }: { row: Row; now: Date }) {
  const { t } = useTranslation()
  const who = row.requester.name || row.requester.email
  return (
    <>
      <span className={classes.line}>
        {row.unread && <span className={classes.dot} role="img" aria-label={t('list.unread')} />}
        <span className={classes.subject}>{row.subject || t('ticket.subject.none')}</span>
        <time
          className={classes.time}
          dateTime={row.updated_at}
          title={fullTime(row.updated_at, localeTag())}
        >
          {shortTime(row.updated_at, now, localeTag())}
        </time>
      </span>
      <span className={classes.line}>
        <span className={classes.preview}>
          <b className={classes.who}>{who}</b>
          {row.preview && <span> · {row.preview}</span>}
        </span>
      </span>
      <span className={classes.line}>
        <Chip tone={statusTone[row.status]}>{t(`status.${row.status}`)}</Chip>
        {(row.priority === 'high' || row.priority === 'urgent') && (
          <Chip tone={row.priority === 'urgent' ? 'danger' : 'warning'}>{t(`priority.${row.priority}`)}</Chip>
        )}
        <Sides row={row} />
        {row.attention && (
          <span className={classes.attention} role="img" aria-label={t('list.attention')}>
            <IconAlertCircle size={14} aria-hidden />
          </span>
        )}
        <span className={classes.assignee}>{row.assignee?.name ?? t('assignee.none')}</span>
        <span className={classes.number}>#{row.number}</span>
      </span>
    </>
  )
}

/** Its side conversations in one mark: how many are open, and whether one of them waits for us. */
function Sides({ row }: { row: Row }) {
  const { t } = useTranslation()
  if (row.sides_open === 0 && row.sides_unread === 0) return null
  const words = [
    t('list.sides.open', { count: row.sides_open }),
    row.sides_ours > 0 && t('list.sides.ours', { count: row.sides_ours }),
    row.sides_unread > 0 && t('list.sides.unread', { count: row.sides_unread }),
  ]
  const said = words.filter(Boolean).join(', ')
  return (
    <span role="img" aria-label={said} className={classes.sides}>
      <Chip tone="side" title={said} icon={<IconMessages size={12} aria-hidden />}>
        {row.sides_open}
        {row.sides_ours > 0 && <span aria-hidden>· {t('list.sides.ours.mark')}</span>}
        {row.sides_unread > 0 && <span className={classes.news} aria-hidden />}
      </Chip>
    </span>
  )
}
