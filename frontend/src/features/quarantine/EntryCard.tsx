import { Button, Modal } from '@mantine/core'
import { type ReactNode, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Message, QuarantineEntry } from '@/api/types'
import { Accept } from './Accept'
import classes from './Quarantine.module.css'
import { useDecide } from './queries'

type Props = {
  entry: QuarantineEntry
  onTicket: (number: number) => void
  renderMessage: (message: Message) => ReactNode
}

/** One undecided mail: why it waits, the mail itself, and what may become of it. */
export function EntryCard({ entry, onTicket, renderMessage }: Props) {
  const { t, i18n } = useTranslation()
  const decide = useDecide(entry.id, onTicket)
  const [ask, setAsk] = useState<'accept' | 'discard' | null>(null)
  const { suggest, ticket } = entry
  const why = `quarantine.reason.${entry.reason}`
  return (
    <article className={classes.entry} aria-label={entry.message.subject}>
      <p className={classes.why}>
        {i18n.exists(why) ? t(why as never) : t('quarantine.why', { code: entry.reason })}
      </p>
      <h2 className={classes.subject}>{entry.message.subject || t('ticket.subject.none')}</h2>
      {renderMessage(entry.message)}
      <div className={classes.buttons}>
        {suggest && (
          <Button
            loading={decide.isPending}
            onClick={() => decide.mutate({ do: 'accept', conversation: suggest })}
          >
            {t('quarantine.accept.suggested', { number: ticket })}
          </Button>
        )}
        <Button variant="default" onClick={() => setAsk('accept')}>
          {t('quarantine.accept')}
        </Button>
        <Button variant="default" onClick={() => decide.mutate({ do: 'ticket' })}>
          {t('quarantine.ticket')}
        </Button>
        <Button variant="subtle" color="danger" onClick={() => setAsk('discard')}>
          {t('quarantine.discard')}
        </Button>
      </div>
      <Modal opened={ask === 'accept'} onClose={() => setAsk(null)} title={t('quarantine.accept')}>
        <Accept
          onAccept={(conversation) => {
            setAsk(null)
            decide.mutate({ do: 'accept', conversation })
          }}
        />
      </Modal>
      <Modal opened={ask === 'discard'} onClose={() => setAsk(null)} title={t('quarantine.discard.title')}>
        <p>{t('quarantine.discard.text')}</p>
        <div className={classes.buttons}>
          <Button variant="default" onClick={() => setAsk(null)} data-autofocus>
            {t('settings.cancel')}
          </Button>
          <Button color="danger" onClick={() => decide.mutate({ do: 'discard' })}>
            {t('quarantine.discard')}
          </Button>
        </div>
      </Modal>
    </article>
  )
}
