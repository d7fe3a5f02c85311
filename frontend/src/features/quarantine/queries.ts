import { notifications } from '@mantine/notifications'
import { infiniteQueryOptions, useMutation, useQueryClient } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { ask, desk } from '@/api/client'
import { keys } from '@/api/keys'
import { problemWords } from '@/i18n/problem'

export const quarantineQuery = () =>
  infiniteQueryOptions({
    queryKey: keys.quarantine,
    queryFn: ({ pageParam, signal }) =>
      ask(desk.GET('/api/quarantine', { params: { query: { after: pageParam } }, signal })),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.next || undefined,
  })

/** What a person may decide about an entry. Accepting names the conversation that it belongs to. */
export type Decision = { do: 'accept'; conversation: string } | { do: 'ticket' } | { do: 'discard' }

async function carryOut(id: string, decision: Decision): Promise<number | undefined> {
  const params = { path: { id } }
  switch (decision.do) {
    case 'accept': {
      const body = { conversation: decision.conversation }
      return (await ask(desk.POST('/api/quarantine/{id}/accept', { params, body }))).ticket
    }
    case 'ticket':
      return (await ask(desk.POST('/api/quarantine/{id}/ticket', { params }))).number
    case 'discard':
      await ask(desk.POST('/api/quarantine/{id}/discard', { params }))
      return undefined
  }
}

/** Decides about an entry, and says the number of the ticket that it went to. */
export function useDecide(id: string, onTicket: (number: number) => void) {
  const { t } = useTranslation()
  const queries = useQueryClient()
  return useMutation({
    mutationFn: (decision: Decision) => carryOut(id, decision),
    onSuccess: (number) => {
      void queries.invalidateQueries({ queryKey: keys.quarantine })
      void queries.invalidateQueries({ queryKey: keys.views })
      if (number !== undefined) onTicket(number)
    },
    onError: (error) => {
      void queries.invalidateQueries({ queryKey: keys.quarantine })
      notifications.show({
        color: 'var(--danger)',
        title: t('quarantine.failed'),
        message: problemWords(error),
      })
    },
  })
}
