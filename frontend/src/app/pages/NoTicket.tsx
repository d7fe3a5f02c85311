import { IconMail } from '@tabler/icons-react'
import { useTranslation } from 'react-i18next'
import { EmptyState } from '@/ui/EmptyState'

export function NoTicket() {
  const { t } = useTranslation()
  return (
    <EmptyState icon={<IconMail size={22} />} title={t('ticket.none.title')}>
      {t('ticket.none.text')}
    </EmptyState>
  )
}
