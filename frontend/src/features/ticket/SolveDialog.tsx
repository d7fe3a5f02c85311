import { Anchor, Button, Group, Modal } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import type { Conversation } from '@/api/types'
import classes from './TicketHeader.module.css'

type Props = {
  opened: boolean
  sides: Conversation[]
  onSide: (id: string) => void
  onClose: () => void
  onSolve: () => void
}

/** Warns that side conversations are still open, and names them. It does not stand in the way (T8). */
export function SolveDialog({ opened, sides, onSide, onClose, onSolve }: Props) {
  const { t } = useTranslation()
  return (
    <Modal opened={opened} onClose={onClose} title={t('solve.title', { count: sides.length })}>
      <p className={classes.warning}>{t('solve.text')}</p>
      <ul className={classes.sides}>
        {sides.map((side) => (
          <li key={side.id}>
            <Anchor component="button" type="button" size="sm" onClick={() => onSide(side.id)}>
              {side.subject}
            </Anchor>
          </li>
        ))}
      </ul>
      <Group justify="flex-end">
        <Button variant="default" onClick={onClose}>
          {t('solve.cancel')}
        </Button>
        <Button onClick={onSolve} data-autofocus>
          {t('solve.anyway')}
        </Button>
      </Group>
    </Modal>
  )
}
