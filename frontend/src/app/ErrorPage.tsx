import { Button, Code } from '@mantine/core'
import { IconAlertTriangle } from '@tabler/icons-react'
import { useTranslation } from 'react-i18next'
import { EmptyState } from '@/ui/EmptyState'

/** What a person sees when a page cannot be drawn: what happened, why, and what to do. */
export function ErrorPage({ error }: { error: unknown }) {
  const { t } = useTranslation()
  return (
    <main>
      <EmptyState
        icon={<IconAlertTriangle size={22} />}
        title={t('error.page.title')}
        action={<Button onClick={() => window.location.reload()}>{t('error.page.reload')}</Button>}
      >
        <p>{t('error.page.text')}</p>
        <Code block>{error instanceof Error ? error.message : String(error)}</Code>
      </EmptyState>
    </main>
  )
}
