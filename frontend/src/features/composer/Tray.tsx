import { ActionIcon, Button, Progress } from '@mantine/core'
import { IconPaperclip, IconX } from '@tabler/icons-react'
import { useTranslation } from 'react-i18next'
import { localeTag } from '@/i18n/i18n'
import { fileSize } from '@/lib/bytes'
import classes from './Composer.module.css'
import type { Held } from './form'
import type { Files } from './useFiles'

type Props = { held: Held[]; files: Files; onRemove: (id: string) => void }

/** The files that the message will carry, and those still on their way. */
export function Tray({ held, files, onRemove }: Props) {
  const { t } = useTranslation()
  if (held.length === 0 && files.going.length === 0) return null
  return (
    <ul className={classes.tray} aria-label={t('upload.list')}>
      {held.map((file) => (
        <li key={file.id} className={classes.file}>
          <IconPaperclip size={14} aria-hidden />
          <span className={classes.fileName}>{file.name}</span>
          <span className={classes.fileSize}>{fileSize(file.size, localeTag())}</span>
          <Remove name={file.name} onClick={() => onRemove(file.id)} />
        </li>
      ))}
      {files.going.map((file) => (
        <li key={file.id} className={classes.file} data-failed={file.error ? true : undefined}>
          <span className={classes.fileName}>{file.name}</span>
          {file.error ? (
            <>
              <span className={classes.fileError} role="alert">
                {file.error}
              </span>
              <Button size="compact-xs" variant="subtle" color="accent" onClick={() => files.retry(file.id)}>
                {t('upload.retry')}
              </Button>
            </>
          ) : (
            <Progress
              className={classes.progress}
              value={file.size > 0 ? (100 * file.sent) / file.size : 100}
              aria-label={t('upload.progress', { name: file.name })}
            />
          )}
          <Remove name={file.name} onClick={() => files.remove(file.id)} />
        </li>
      ))}
    </ul>
  )
}

function Remove({ name, onClick }: { name: string; onClick: () => void }) {
  const { t } = useTranslation()
  return (
    <ActionIcon variant="subtle" size="xs" aria-label={t('upload.remove', { name })} onClick={onClick}>
      <IconX size={13} />
    </ActionIcon>
  )
}
