import { Button, Group } from '@mantine/core'
import { hideNotification, showNotification } from '@mantine/notifications'
import type { QueryClient } from '@tanstack/react-query'
import { useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { ask, desk } from '@/api/client'
import { keys } from '@/api/keys'
import type { Delivery } from '@/api/types'
import { giveBack } from './drafts'
import type { Form } from './form'

type Sent = { conversation: string; delivery: Delivery; form: Form; queries: QueryClient }

/** Says that a message will leave, and lets it be taken back until it does; its words then return to the composer. */
export function noticeSent(sent: Sent): void {
  const id = `sent ${sent.delivery.id}`
  const left = new Date(sent.delivery.due_at).getTime() - Date.now()
  showNotification({
    id,
    message: <SentNotice {...sent} onEnd={() => hideNotification(id)} />,
    autoClose: Math.max(4_000, left + 1_500),
    withCloseButton: false,
  })
}

function SentNotice({ conversation, delivery, form, queries, onEnd }: Sent & { onEnd: () => void }) {
  const { t } = useTranslation()
  const due = new Date(delivery.due_at).getTime()
  const [now, setNow] = useState(() => Date.now())
  const [trouble, setTrouble] = useState('')
  // The outside system is the clock.
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), 500)
    return () => clearInterval(timer)
  }, [])
  const left = Math.max(0, Math.ceil((due - now) / 1000))

  const undo = async () => {
    try {
      await ask(desk.POST('/api/deliveries/{id}/recall', { params: { path: { id: delivery.id } } }))
      giveBack(queries, `conversation:${conversation}`, form)
      onEnd()
    } catch (error) {
      setTrouble(error instanceof Error ? error.message : String(error))
    }
    void queries.invalidateQueries({ queryKey: keys.messages(conversation) })
  }
  return (
    <Group justify="space-between" wrap="nowrap" gap="sm">
      <span>{trouble || (left > 0 ? t('composer.sent.soon', { count: left }) : t('composer.sent'))}</span>
      {left > 0 && !trouble && (
        <Button size="compact-sm" variant="light" onClick={() => void undo()}>
          {t('delivery.undo')}
        </Button>
      )}
    </Group>
  )
}
