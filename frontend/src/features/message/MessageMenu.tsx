import { ActionIcon, Menu, Modal } from '@mantine/core'
import { IconDots, IconDownload, IconHelpCircle } from '@tabler/icons-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { save } from '@/api/shell'
import type { Message } from '@/api/types'
import { knownFlag, knownReason } from './codes'
import classes from './MessageCard.module.css'

/** The seldom things: why a message stands here, and the mail as it came. */
export function MessageMenu({ message }: { message: Message }) {
  const { t } = useTranslation()
  const [asked, setAsked] = useState(false)
  const why = message.reasons.length > 0 || message.grade !== ''
  if (!why && !message.original) return null
  return (
    <>
      <Menu position="bottom-end" shadow="md">
        <Menu.Target>
          <ActionIcon variant="subtle" size="sm" aria-label={t('message.more')}>
            <IconDots size={16} />
          </ActionIcon>
        </Menu.Target>
        <Menu.Dropdown>
          {why && (
            <Menu.Item leftSection={<IconHelpCircle size={16} />} onClick={() => setAsked(true)}>
              {t('message.why')}
            </Menu.Item>
          )}
          {message.original && (
            <Menu.Item
              leftSection={<IconDownload size={16} />}
              onClick={() => void save(`/api/messages/${message.id}/original`, `${message.id}.eml`)}
            >
              {t('message.original')}
            </Menu.Item>
          )}
        </Menu.Dropdown>
      </Menu>
      <Modal
        opened={asked}
        onClose={() => setAsked(false)}
        title={t('message.why')}
        centered
        closeButtonProps={{ 'aria-label': t('message.close') }}
      >
        <Why message={message} />
      </Modal>
    </>
  )
}

function Why({ message }: { message: Message }) {
  const { t } = useTranslation()
  return (
    <ul className={classes.why}>
      {message.reasons.map((code) => {
        const reason = knownReason(code)
        return <li key={code}>{reason ? t(`reason.${reason}`) : code}</li>
      })}
      {message.grade !== '' && <li>{t(`grade.${message.grade}`)}</li>}
      {message.flags.map((code) => {
        const flag = knownFlag(code)
        return <li key={code}>{flag ? t(`flag.${flag}`) : code}</li>
      })}
    </ul>
  )
}
