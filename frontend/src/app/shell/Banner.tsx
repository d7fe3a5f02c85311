import { Button } from '@mantine/core'
import { IconPlugConnectedX } from '@tabler/icons-react'
import { useTranslation } from 'react-i18next'
import { knock } from '@/api/events'
import { useConnection } from '../connection'
import classes from './Banner.module.css'

/** Says that the desk does not answer, and that nothing is lost meanwhile. */
export function Banner() {
  const { t } = useTranslation()
  if (useConnection() !== 'offline') return null
  return (
    <output className={classes.banner}>
      <IconPlugConnectedX size={16} aria-hidden />
      <span className={classes.text}>{t('connection.lost.banner')}</span>
      <Button size="compact-xs" variant="default" onClick={knock}>
        {t('connection.retry')}
      </Button>
    </output>
  )
}
