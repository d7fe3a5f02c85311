import { Kbd, Modal } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { keyNames, type ShortcutId, shortcuts } from '@/lib/shortcuts'
import classes from './Keys.module.css'

/** Every key of the application. */
export function Keys({ opened, onClose }: { opened: boolean; onClose: () => void }) {
  const { t } = useTranslation()
  return (
    <Modal opened={opened} onClose={onClose} title={t('keys.title')} size="lg">
      <dl className={classes.keys}>
        {(Object.keys(shortcuts) as ShortcutId[]).map((id) => (
          <div key={id} className={classes.key}>
            <dt>{t(`key.${id}`)}</dt>
            <dd className={classes.names}>
              {keyNames(shortcuts[id][0]).map((name) => (
                <Kbd key={name} size="xs">
                  {name}
                </Kbd>
              ))}
            </dd>
          </div>
        ))}
      </dl>
    </Modal>
  )
}
