import { Alert, Button, Group } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import classes from './Composer.module.css'

type Props = { sending: boolean; onLook: () => void; onAnyway: () => void }

/** Something came while this was written: look at it first, or send all the same. */
export function Newer({ sending, onLook, onAnyway }: Props) {
  const { t } = useTranslation()
  return (
    <Alert color="note" className={classes.notice} role="alert" title={t('composer.newer')}>
      <Group gap="sm">
        <Button size="compact-sm" variant="filled" onClick={onLook}>
          {t('composer.newer.look')}
        </Button>
        <Button size="compact-sm" variant="default" loading={sending} onClick={onAnyway}>
          {t('composer.newer.anyway')}
        </Button>
      </Group>
    </Alert>
  )
}
