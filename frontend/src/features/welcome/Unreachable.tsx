import { Button } from '@mantine/core'
import { IconPlugConnectedX } from '@tabler/icons-react'
import { useTranslation } from 'react-i18next'
import { knock } from '@/api/events'
import { problemWords } from '@/i18n/problem'
import { EmptyState } from '@/ui/EmptyState'

/** Stands in for everything while the desk has not answered even once. */
export function Unreachable({ error, onRetry }: { error: unknown; onRetry: () => void }) {
  const { t } = useTranslation()
  const again = () => {
    knock()
    onRetry()
  }
  return (
    <main>
      <EmptyState
        icon={<IconPlugConnectedX size={22} />}
        title={t('connection.lost.title')}
        action={<Button onClick={again}>{t('connection.retry')}</Button>}
      >
        {error ? problemWords(error) : t('connection.lost.text')}
      </EmptyState>
    </main>
  )
}
