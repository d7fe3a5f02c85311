import { Button } from '@mantine/core'
import { IconAlertCircle } from '@tabler/icons-react'
import { useTranslation } from 'react-i18next'
import classes from './TicketHeader.module.css'

/** Something waits that the status does not show, until somebody says that they have seen it. */
export function AttentionNote({ onDone }: { onDone: () => void }) {
  const { t } = useTranslation()
  return (
    <p className={classes.attention}>
      <IconAlertCircle size={16} aria-hidden />
      <span>{t('ticket.attention')}</span>
      <Button size="compact-xs" variant="default" onClick={onDone}>
        {t('ticket.attention.done')}
      </Button>
    </p>
  )
}
