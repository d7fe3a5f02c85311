import { UnstyledButton } from '@mantine/core'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Message, Person } from '@/api/types'
import classes from './MessageCard.module.css'

const named = (person: Person) => person.name || person.email
const whole = (person: Person) => (person.name ? `${person.name} <${person.email}>` : person.email)

/** Whom a message went to: one line, and all addresses on demand. */
export function People({ message }: { message: Message }) {
  const { t } = useTranslation()
  const [open, setOpen] = useState(false)
  const lines = [
    { label: t('composer.to'), people: message.to },
    { label: t('composer.cc'), people: message.cc },
    { label: t('composer.bcc'), people: message.bcc },
  ].filter(({ people }) => people.length > 0)
  if (lines.length === 0) return null
  if (!open)
    return (
      <UnstyledButton className={classes.people} onClick={() => setOpen(true)} aria-expanded={false}>
        {lines.map(({ label, people }) => `${label} ${people.map(named).join(', ')}`).join(' · ')}
      </UnstyledButton>
    )
  return (
    <UnstyledButton className={classes.peopleOpen} onClick={() => setOpen(false)} aria-expanded>
      {lines.map(({ label, people }) => (
        <span key={label} className={classes.peopleLine}>
          <span className={classes.peopleLabel}>{label}</span>
          <span>{people.map(whole).join(', ')}</span>
        </span>
      ))}
    </UnstyledButton>
  )
}
