import { Button, NumberInput, Radio, Stack } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { ticketQuery } from '@/api/queries'
import { problemWords } from '@/i18n/problem'
import classes from './Quarantine.module.css'

/** Which conversation a mail belongs to: the ticket by its number, then the customer's thread or one beside it. */
export function Accept({ onAccept }: { onAccept: (conversation: string) => void }) {
  const { t } = useTranslation()
  const [number, setNumber] = useState<number | ''>('')
  const [chosen, setChosen] = useState<string | null>(null)
  const ticket = useQuery({ ...ticketQuery(Number(number)), enabled: Number(number) > 0 })
  const conversations = ticket.data?.conversations ?? []
  return (
    <Stack gap="md">
      <NumberInput
        label={t('quarantine.accept.number')}
        min={1}
        allowDecimal={false}
        data-autofocus
        value={number}
        onChange={(value) => {
          setNumber(value === '' ? '' : Number(value))
          setChosen(null)
        }}
      />
      {ticket.isError && <p role="alert">{problemWords(ticket.error)}</p>}
      {conversations.length > 0 && (
        <Radio.Group label={ticket.data?.subject} value={chosen} onChange={setChosen}>
          <Stack gap="sm" mt="sm">
            {conversations.map((one) => (
              <Radio
                key={one.id}
                value={one.id}
                label={one.kind === 'customer' ? t('timeline.label') : one.subject}
                description={one.kind === 'customer' ? undefined : t('quarantine.accept.side')}
              />
            ))}
          </Stack>
        </Radio.Group>
      )}
      <div className={classes.buttons}>
        <Button disabled={!chosen} onClick={() => chosen && onAccept(chosen)}>
          {t('quarantine.accept.here')}
        </Button>
      </div>
    </Stack>
  )
}
