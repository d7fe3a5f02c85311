import { ActionIcon, TextInput, Tooltip } from '@mantine/core'
import { IconPencil } from '@tabler/icons-react'
import { type KeyboardEvent, useState } from 'react'
import { useTranslation } from 'react-i18next'
import classes from './TicketHeader.module.css'

type Props = { subject: string; number: number; disabled: boolean; onChange: (subject: string) => void }

/** The ticket's name. It is changed in place: Enter keeps what was typed, Escape or leaving it what was. */
export function Subject({ subject, number, disabled, onChange }: Props) {
  const { t } = useTranslation()
  const [typed, setTyped] = useState<string | null>(null)
  const leave = () => {
    setTyped(null)
    // The title is there only once the field is gone.
    requestAnimationFrame(() => document.getElementById('ticket-title')?.focus())
  }
  const key = (event: KeyboardEvent) => {
    if (event.nativeEvent.isComposing) return
    if (event.key !== 'Enter' && event.key !== 'Escape') return
    event.preventDefault()
    event.stopPropagation()
    const next = typed?.trim() ?? ''
    if (event.key === 'Enter' && next && next !== subject) onChange(next)
    leave()
  }
  if (typed !== null) {
    return (
      <TextInput
        className={classes.subject}
        size="xs"
        aria-label={t('ticket.subject')}
        maxLength={300}
        autoFocus
        value={typed}
        onChange={(event) => setTyped(event.currentTarget.value)}
        onBlur={() => setTyped(null)}
        onKeyDown={key}
      />
    )
  }
  return (
    <>
      <h1 id="ticket-title" className={classes.title} tabIndex={-1}>
        {subject || t('ticket.subject.none')}
      </h1>
      <span className={classes.number}>#{number}</span>
      {!disabled && (
        <Tooltip label={t('ticket.subject.edit')}>
          <ActionIcon
            variant="subtle"
            size="sm"
            aria-label={t('ticket.subject.edit')}
            onClick={() => setTyped(subject)}
          >
            <IconPencil size={16} />
          </ActionIcon>
        </Tooltip>
      )}
    </>
  )
}
