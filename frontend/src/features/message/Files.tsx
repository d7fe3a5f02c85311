import { Tooltip, UnstyledButton } from '@mantine/core'
import { IconFile, IconPhoto } from '@tabler/icons-react'
import { useTranslation } from 'react-i18next'
import { save } from '@/api/shell'
import type { Attachment } from '@/api/types'
import { localeTag } from '@/i18n/i18n'
import { fileSize } from '@/lib/bytes'
import classes from './MessageCard.module.css'

/** The files of a message. Pictures that stand in the text are not listed again. */
export function Files({ files }: { files: Attachment[] }) {
  const { t } = useTranslation()
  const listed = files.filter(({ inline }) => !inline)
  if (listed.length === 0) return null
  return (
    <ul className={classes.files} aria-label={t('message.files')}>
      {listed.map((file) => (
        <li key={file.id}>
          <Tooltip label={t('message.save', { name: file.name })}>
            <UnstyledButton
              className={classes.file}
              onClick={() => void save(`/api/attachments/${encodeURIComponent(file.id)}`, file.name)}
            >
              {file.type.startsWith('image/') ? <IconPhoto size={16} /> : <IconFile size={16} />}
              <span className={classes.fileName}>{file.name}</span>
              <span className={classes.fileSize}>{fileSize(file.size, localeTag())}</span>
            </UnstyledButton>
          </Tooltip>
        </li>
      ))}
    </ul>
  )
}
