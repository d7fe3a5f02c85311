import { useNavigate } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { MessageCard } from '@/features/message/MessageCard'
import { Quarantine } from '@/features/quarantine/Quarantine'
import classes from './QuarantinePage.module.css'

export function QuarantinePage() {
  const { t } = useTranslation()
  const navigate = useNavigate()
  return (
    <main className={classes.page}>
      <div className={classes.column}>
        <h1 className={classes.title} tabIndex={-1}>
          {t('nav.quarantine')}
        </h1>
        <p className={classes.text}>{t('quarantine.text')}</p>
        <Quarantine
          onTicket={(number) => void navigate({ to: '/tickets/$number', params: { number: String(number) } })}
          renderMessage={(message) => <MessageCard message={message} tone="customer" />}
        />
      </div>
    </main>
  )
}
