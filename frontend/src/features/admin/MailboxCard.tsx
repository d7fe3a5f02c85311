import { Button } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import type { Mailbox } from '@/api/types'
import { localeTag } from '@/i18n/i18n'
import { threadTime } from '@/lib/dates'
import type { Tone } from '@/lib/tones'
import { useNow } from '@/lib/useNow'
import { Chip } from '@/ui/Chip'
import { useChangeMailbox, useCheckMailbox } from './queries'
import classes from './Section.module.css'

const tones: Record<Mailbox['health']['state'], Tone> = {
  starting: 'info',
  connected: 'success',
  reconnecting: 'warning',
  needs_attention: 'danger',
  stopped: 'neutral',
}

/** A mailbox and how it is doing: what, since when, the server's own words, and what to do. */
export function MailboxCard({ mailbox }: { mailbox: Mailbox }) {
  const { t } = useTranslation()
  const now = useNow()
  const change = useChangeMailbox(mailbox.id)
  const check = useCheckMailbox(mailbox.id)
  const { health, stopped } = mailbox
  const time = (iso: string) => threadTime(iso, now, localeTag())
  return (
    <article className={classes.card} aria-label={mailbox.address}>
      <div className={classes.line}>
        <span className={classes.name}>{mailbox.name}</span>
        <span className={classes.muted}>{mailbox.address}</span>
        <span className={classes.grow} />
        <Chip tone={tones[health.state]}>{t(`mailbox.state.${health.state}`)}</Chip>
      </div>
      <div className={classes.line}>
        <span className={classes.muted}>
          {health.since && t('mailbox.since', { time: time(health.since) })}{' '}
          {health.check_at && t('mailbox.checked', { time: time(health.check_at) })}{' '}
          {health.state === 'reconnecting' &&
            health.next_at &&
            t('mailbox.next', { time: time(health.next_at) })}
        </span>
        <span className={classes.grow} />
        {!stopped && (
          <Button
            size="compact-sm"
            variant="default"
            loading={check.isPending}
            onClick={() => check.mutate()}
          >
            {t('mailbox.check')}
          </Button>
        )}
        <Button
          size="compact-sm"
          variant="default"
          loading={change.isPending}
          onClick={() => change.mutate({ stopped: !stopped })}
        >
          {stopped ? t('mailbox.start') : t('mailbox.pause')}
        </Button>
      </div>
      {health.error && (
        <div className={classes.trouble}>
          <p>{t('mailbox.said', { words: health.error })}</p>
          {health.hint && <p>{health.hint}</p>}
        </div>
      )}
    </article>
  )
}
