import { ActionIcon, Tooltip } from '@mantine/core'
import { IconX } from '@tabler/icons-react'
import { useTranslation } from 'react-i18next'
import classes from './Composer.module.css'

/** The words of a signature without its markup: the page never draws HTML that it did not make itself. */
function wordsOf(html: string): string {
  const spaced = html.replace(/<(br|\/p|\/div|\/li)\b[^>]*>/gi, '$&\n')
  return new DOMParser().parseFromString(spaced, 'text/html').body.textContent?.trim() ?? ''
}

type Props = { html: string; onRemove: () => void }

/** The agent's signature as it will stand under the message, and the one click that takes it away. */
export function Signature({ html, onRemove }: Props) {
  const { t } = useTranslation()
  return (
    <div className={classes.signature}>
      <span className={classes.signatureText}>{wordsOf(html)}</span>
      <Tooltip label={t('composer.signature.remove')}>
        <ActionIcon variant="subtle" size="xs" aria-label={t('composer.signature.remove')} onClick={onRemove}>
          <IconX size={13} />
        </ActionIcon>
      </Tooltip>
    </div>
  )
}
