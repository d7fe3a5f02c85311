import { Button, Popover, UnstyledButton } from '@mantine/core'
import { IconAlertTriangle, IconCheck, IconClock } from '@tabler/icons-react'
import { useTranslation } from 'react-i18next'
import { ApiError } from '@/api/client'
import type { Delivery, Message } from '@/api/types'
import { canRetry, secondsLeft, summary } from './delivery'
import classes from './MessageCard.module.css'
import { useRecall, useRetry } from './queries'
import { useNow } from './useNow'

type Props = { message: Message; delivery: Delivery }

/** What became of a message that left, or is about to: for all, for each, and what can be done. */
export function DeliveryLine({ message, delivery }: Props) {
  const { t } = useTranslation()
  const recall = useRecall(message)
  const retry = useRetry(message)
  const now = useNow(delivery.state === 'queued' ? new Date(delivery.due_at).getTime() : 0)
  const left = secondsLeft(delivery, now)
  const { state, tone, failed, people } = summary(delivery)
  const reasons = delivery.recipients.filter((one) => one.state === 'failed' || one.state === 'unsure')
  const trouble = recall.error ?? retry.error
  const words =
    left > 0
      ? t('delivery.leaves', { count: left })
      : failed > 0 && failed < people
        ? t('delivery.partly', { failed, people })
        : t(`delivery.state.${state}`)
  return (
    <div className={classes.delivery}>
      <Popover position="bottom-end" withArrow shadow="md" trapFocus returnFocus>
        <Popover.Target>
          <UnstyledButton
            className={classes.chip}
            data-tone={tone}
            aria-label={t('delivery.chip', { words })}
          >
            {tone === 'success' ? <IconCheck size={13} /> : null}
            {tone === 'neutral' ? <IconClock size={13} /> : null}
            {tone === 'danger' || tone === 'warning' ? <IconAlertTriangle size={13} /> : null}
            {words}
          </UnstyledButton>
        </Popover.Target>
        <Popover.Dropdown>
          <ul className={classes.recipients}>
            {delivery.recipients.map((one) => (
              <li key={`${one.class} ${one.email}`}>
                <strong>{one.name || one.email}</strong>
                <span data-state={one.state}>{t(`delivery.state.${one.state}`)}</span>
                {one.text && <q>{one.text}</q>}
              </li>
            ))}
          </ul>
        </Popover.Dropdown>
      </Popover>
      {left > 0 && (
        <Button
          size="compact-xs"
          variant="subtle"
          color="accent"
          loading={recall.isPending}
          onClick={() => recall.mutate(delivery.id)}
        >
          {t('delivery.undo')}
        </Button>
      )}
      {canRetry(delivery) && (
        <Button
          size="compact-xs"
          variant="subtle"
          color="accent"
          loading={retry.isPending}
          onClick={() => retry.mutate(delivery.id)}
        >
          {t('delivery.retry')}
        </Button>
      )}
      {state === 'unsure' && <p className={classes.reason}>{t('delivery.unsure.hint')}</p>}
      {reasons.map((one) => (
        <p key={one.email} className={classes.reason} data-tone="danger">
          {t('delivery.reason', { who: one.email, text: one.text || t(`delivery.state.${one.state}`) })}
        </p>
      ))}
      {trouble && (
        <p className={classes.reason} data-tone="danger" role="alert">
          {trouble instanceof ApiError && trouble.code === 'too_late' ? t('delivery.late') : trouble.message}
        </p>
      )}
    </div>
  )
}
