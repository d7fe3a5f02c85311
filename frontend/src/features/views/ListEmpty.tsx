import { Button } from '@mantine/core'
import { IconInbox, IconPlugConnectedX, IconSearchOff } from '@tabler/icons-react'
import { useTranslation } from 'react-i18next'
import type { TicketFilter } from '@/api/keys'
import { problemWords } from '@/i18n/problem'
import { EmptyState } from '@/ui/EmptyState'
import { viewOf } from './views'

/** What a list without tickets says: what would stand here, and how it gets here. */
export function ListEmpty({ filter }: { filter: TicketFilter }) {
  const { t } = useTranslation()
  if (filter.q) {
    return (
      <EmptyState icon={<IconSearchOff size={22} />} title={t('list.nothing.title')}>
        {t('list.nothing.text', { q: filter.q })}
      </EmptyState>
    )
  }
  const view = viewOf(filter.view)
  return (
    <EmptyState icon={<IconInbox size={22} />} title={t(`empty.${view}.title`)}>
      {t(`empty.${view}.text`)}
    </EmptyState>
  )
}

export function ListError({ error, onRetry }: { error: unknown; onRetry: () => void }) {
  const { t } = useTranslation()
  return (
    <EmptyState
      icon={<IconPlugConnectedX size={22} />}
      title={t('list.failed')}
      action={
        <Button variant="default" onClick={onRetry}>
          {t('connection.retry')}
        </Button>
      }
    >
      {problemWords(error)}
    </EmptyState>
  )
}
