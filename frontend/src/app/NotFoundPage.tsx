import { Button } from '@mantine/core'
import { IconMapQuestion } from '@tabler/icons-react'
import { Link } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { EmptyState } from '@/ui/EmptyState'

export function NotFoundPage() {
  const { t } = useTranslation()
  return (
    <main>
      <EmptyState
        icon={<IconMapQuestion size={22} />}
        title={t('error.missing.title')}
        action={
          <Button component={Link} to="/tickets">
            {t('error.missing.back')}
          </Button>
        }
      >
        {t('error.missing.text')}
      </EmptyState>
    </main>
  )
}
