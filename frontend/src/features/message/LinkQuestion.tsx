import { Alert, Button, Code, Group, Modal, Stack, Text } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { openOutside } from '@/api/shell'
import type { Target } from './frame'

type Props = { target: Target | null; onClose: () => void }

/** Asks before a link of a mail is opened, and shows where it really leads. */
export function LinkQuestion({ target, onClose }: Props) {
  const { t } = useTranslation()
  const open = () => {
    if (target) void openOutside(target.url)
    onClose()
  }
  return (
    <Modal
      opened={target !== null}
      onClose={onClose}
      title={t('link.title')}
      centered
      closeButtonProps={{ 'aria-label': t('link.cancel') }}
    >
      {target && (
        <Stack gap="md">
          <Text size="sm">{target.mail ? t('link.mail') : t('link.web')}</Text>
          <Text fw={600} style={{ overflowWrap: 'anywhere' }}>
            {target.host}
          </Text>
          <Code block style={{ whiteSpace: 'pre-wrap', overflowWrap: 'anywhere' }}>
            {target.url}
          </Code>
          {target.disguised && <Alert color="danger">{t('link.disguised')}</Alert>}
          <Group justify="flex-end" gap="sm">
            <Button variant="default" onClick={onClose}>
              {t('link.cancel')}
            </Button>
            <Button onClick={open} data-autofocus>
              {t('link.open')}
            </Button>
          </Group>
        </Stack>
      )}
    </Modal>
  )
}
