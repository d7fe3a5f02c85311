import { Button, Skeleton } from '@mantine/core'
import { IconMailPlus } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { problemWords } from '@/i18n/problem'
import { EmptyState } from '@/ui/EmptyState'
import { MailboxCard } from './MailboxCard'
import { MailboxForm } from './MailboxForm'
import { mailboxesQuery } from './queries'
import { Section } from './Section'

/** The addresses that the desk receives on and sends from. */
export function Mailboxes() {
  const { t } = useTranslation()
  const [adding, setAdding] = useState(false)
  const list = useQuery(mailboxesQuery())
  const mailboxes = list.data?.mailboxes ?? []
  const add = (
    <Button leftSection={<IconMailPlus size={16} />} onClick={() => setAdding(true)}>
      {t('mailbox.add')}
    </Button>
  )
  return (
    <Section
      title={t('settings.mailboxes')}
      hint={t('mailbox.hint')}
      action={!adding && mailboxes.length > 0 && add}
    >
      {adding && <MailboxForm onDone={() => setAdding(false)} />}
      {list.isPending && <Skeleton height={80} />}
      {list.isError && <p role="alert">{problemWords(list.error)}</p>}
      {mailboxes.map((mailbox) => (
        <MailboxCard key={mailbox.id} mailbox={mailbox} />
      ))}
      {list.isSuccess && mailboxes.length === 0 && !adding && (
        <EmptyState title={t('mailbox.none.title')} action={add}>
          {t('mailbox.none.text')}
        </EmptyState>
      )}
    </Section>
  )
}
