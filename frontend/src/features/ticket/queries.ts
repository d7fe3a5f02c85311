import { notifications } from '@mantine/notifications'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { ask, desk, isCode } from '@/api/client'
import { keys } from '@/api/keys'
import type { Ticket, TicketPatch } from '@/api/types'
import { problemWords } from '@/i18n/problem'

export type Change = Omit<TicketPatch, 'version'>

/** Changes a ticket. Where somebody was quicker, the ticket as it is now is shown and nothing is overwritten. */
export function useChange(ticket: Ticket) {
  const { t } = useTranslation()
  const queries = useQueryClient()
  const queryKey = keys.ticket(ticket.number)
  return useMutation({
    mutationFn: (change: Change) =>
      ask(
        desk.PATCH('/api/tickets/{number}', {
          params: { path: { number: ticket.number } },
          body: { ...change, version: ticket.version },
        }),
      ),
    onSuccess: (changed) => queries.setQueryData(queryKey, changed),
    onError: (error) => {
      const stale = isCode(error, 'stale')
      void queries.invalidateQueries({ queryKey })
      notifications.show({
        color: 'var(--danger)',
        title: stale ? t('ticket.stale.title') : t('ticket.change.failed'),
        message: stale ? t('ticket.stale.text') : problemWords(error),
      })
    },
  })
}
