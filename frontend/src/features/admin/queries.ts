import { notifications } from '@mantine/notifications'
import { queryOptions, useMutation, useQueryClient } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { ask, desk } from '@/api/client'
import { keys } from '@/api/keys'
import type { AgentPatch, Mailbox, MailboxPatch, NewAgent, NewMailbox, Settings } from '@/api/types'
import { problemWords } from '@/i18n/problem'

export const mailboxesQuery = () =>
  queryOptions({
    queryKey: keys.mailboxes,
    queryFn: ({ signal }) => ask(desk.GET('/api/mailboxes', { signal })),
  })

export const tokensQuery = () =>
  queryOptions({ queryKey: keys.tokens, queryFn: ({ signal }) => ask(desk.GET('/api/tokens', { signal })) })

/** A change of the desk's set-up: what it touches is asked for again, and a refusal is said. */
function useAdmin<In, Out>(act: (input: In) => Promise<Out>, key: readonly unknown[], quiet = false) {
  const { t } = useTranslation()
  const queries = useQueryClient()
  return useMutation({
    mutationFn: act,
    onSuccess: () => queries.invalidateQueries({ queryKey: key }),
    onError: (error) => {
      // A form shows its refusal beside what was typed.
      if (quiet) return
      notifications.show({
        color: 'var(--danger)',
        title: t('settings.failed'),
        message: problemWords(error),
      })
    },
  })
}

export const useSaveSettings = () =>
  useAdmin((body: Settings) => ask(desk.PUT('/api/settings', { body })), keys.settings, true)

export const useTestMailbox = () =>
  useMutation({ mutationFn: (body: NewMailbox) => ask(desk.POST('/api/mailboxes/test', { body })) })

export const useAddMailbox = () =>
  useAdmin((body: NewMailbox) => ask(desk.POST('/api/mailboxes', { body })), keys.mailboxes, true)

export const useChangeMailbox = (id: Mailbox['id']) =>
  useAdmin(
    (body: MailboxPatch) => ask(desk.PATCH('/api/mailboxes/{id}', { params: { path: { id } }, body })),
    keys.mailboxes,
  )

export const useCheckMailbox = (id: Mailbox['id']) =>
  useAdmin(() => ask(desk.POST('/api/mailboxes/{id}/check', { params: { path: { id } } })), keys.mailboxes)

export const useAddAgent = () =>
  useAdmin((body: NewAgent) => ask(desk.POST('/api/agents', { body })), keys.agents, true)

export const useChangeAgent = () =>
  useAdmin(
    ({ id, ...body }: AgentPatch & { id: string }) =>
      ask(desk.PATCH('/api/agents/{id}', { params: { path: { id } }, body })),
    keys.agents,
  )

export const useAddToken = () =>
  useAdmin((name: string) => ask(desk.POST('/api/tokens', { body: { name } })), keys.tokens)

export const useRevokeToken = () =>
  useAdmin((id: string) => ask(desk.DELETE('/api/tokens/{id}', { params: { path: { id } } })), keys.tokens)
