import { Button, Tooltip } from '@mantine/core'
import { IconLock, IconSend2 } from '@tabler/icons-react'
import { useTranslation } from 'react-i18next'
import { keyNames, shortcuts } from '@/lib/shortcuts'

type Props = { kind: 'customer' | 'note' | 'side'; sending: boolean; onClick: () => void }

export function SendButton({ kind, sending, onClick }: Props) {
  const { t } = useTranslation()
  const color = kind === 'customer' ? 'accent' : kind
  return (
    <Tooltip label={keyNames(shortcuts['composer.send'][0]).join(' ')}>
      <Button
        size="sm"
        color={color}
        loading={sending}
        leftSection={kind === 'note' ? <IconLock size={15} /> : <IconSend2 size={15} />}
        onClick={onClick}
      >
        {kind === 'note' ? t('composer.note.add') : t('composer.send')}
      </Button>
    </Tooltip>
  )
}
