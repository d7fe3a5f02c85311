import { ActionIcon, TextInput, UnstyledButton } from '@mantine/core'
import { IconTag, IconX } from '@tabler/icons-react'
import { type KeyboardEvent, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { addTags } from './addTags'
import classes from './Tags.module.css'

type Props = { tags: string[]; disabled: boolean; onChange: (tags: string[]) => void }

/** The ticket's tags. A new one is typed in place; Enter adds it, Escape leaves. */
export function Tags({ tags, disabled, onChange }: Props) {
  const { t } = useTranslation()
  const [typed, setTyped] = useState<string | null>(null)
  const add = () => {
    const next = addTags(tags, typed ?? '')
    if (next.length !== tags.length) onChange(next)
    setTyped(null)
  }
  const key = (event: KeyboardEvent) => {
    if (event.key === 'Enter') add()
    else if (event.key === 'Escape') setTyped(null)
    else return
    event.preventDefault()
    event.stopPropagation()
  }
  return (
    <ul className={classes.tags} aria-label={t('ticket.tags')}>
      {tags.map((tag) => (
        <li key={tag} className={classes.tag}>
          <span className={classes.text}>{tag}</span>
          {!disabled && (
            <ActionIcon
              size={16}
              variant="transparent"
              aria-label={t('ticket.tag.remove', { tag })}
              onClick={() => onChange(tags.filter((other) => other !== tag))}
            >
              <IconX size={12} />
            </ActionIcon>
          )}
        </li>
      ))}
      {!disabled && (
        <li>
          {typed === null ? (
            <UnstyledButton className={classes.add} onClick={() => setTyped('')}>
              <IconTag size={14} aria-hidden />
              {t('ticket.tag.add')}
            </UnstyledButton>
          ) : (
            <TextInput
              size="xs"
              w="9rem"
              autoFocus
              aria-label={t('ticket.tag.add')}
              value={typed}
              onChange={(event) => setTyped(event.currentTarget.value)}
              onKeyDown={key}
              onBlur={add}
            />
          )}
        </li>
      )}
    </ul>
  )
}
