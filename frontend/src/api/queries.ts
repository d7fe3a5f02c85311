import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query'
import { ask, desk } from './client'
import { keys, type TicketFilter } from './keys'
import type { DeskEvent, MessagePage } from './types'

const pageSize = 50

/** Who is logged in. Never asked twice by itself; the feed says when it changed. */
export const meQuery = () =>
  queryOptions({ queryKey: keys.me, queryFn: ({ signal }) => ask(desk.GET('/api/me', { signal })) })

export const viewsQuery = () =>
  queryOptions({ queryKey: keys.views, queryFn: ({ signal }) => ask(desk.GET('/api/views', { signal })) })

/** A page of a list, the newest where `after` is absent. */
export function ticketPage(filter: TicketFilter, after: string | undefined, signal?: AbortSignal) {
  return ask(
    desk.GET('/api/tickets', {
      params: { query: { ...filter, after, limit: pageSize } as never },
      signal,
    }),
  )
}

export const listQuery = (filter: TicketFilter) =>
  infiniteQueryOptions({
    queryKey: keys.list(filter),
    queryFn: ({ pageParam, signal }) => ticketPage(filter, pageParam, signal),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.next || undefined,
  })

export const ticketQuery = (number: number) =>
  queryOptions({
    queryKey: keys.ticket(number),
    queryFn: ({ signal }) => ask(desk.GET('/api/tickets/{number}', { params: { path: { number } }, signal })),
  })

/** All events of a ticket, oldest first. */
export const timelineQuery = (number: number) =>
  queryOptions({
    queryKey: keys.timeline(number),
    queryFn: async ({ signal }) => {
      const events: DeskEvent[] = []
      let after: string | undefined
      do {
        const page = await ask(
          desk.GET('/api/tickets/{number}/timeline', {
            params: { path: { number }, query: { after, limit: 200 } },
            signal,
          }),
        )
        events.push(...page.events)
        after = page.next || undefined
      } while (after)
      return events
    },
  })

/** Where a page of messages begins: the newest ones where all is absent. */
export type MessageCursor = { before?: number; after?: number; around?: number }

export function messagePage(id: string, query: MessageCursor, signal?: AbortSignal): Promise<MessagePage> {
  return ask(
    desk.GET('/api/conversations/{id}/messages', {
      params: { path: { id }, query: { ...query, limit: pageSize } },
      signal,
    }),
  )
}

/** A conversation's messages by pages, oldest first. It opens at its end, or around a message. */
export const messagesQuery = (conversation: string, around?: number) =>
  infiniteQueryOptions({
    queryKey: keys.messages(conversation),
    queryFn: ({ pageParam, signal }) => messagePage(conversation, pageParam, signal),
    initialPageParam: (around ? { around } : {}) as MessageCursor,
    getPreviousPageParam: (page): MessageCursor | undefined =>
      page.before ? { before: page.before } : undefined,
    getNextPageParam: (page): MessageCursor | undefined => (page.after ? { after: page.after } : undefined),
  })

/** Every file of a ticket, of either kind of conversation. */
export const filesQuery = (number: number) =>
  queryOptions({
    queryKey: keys.files(number),
    queryFn: ({ signal }) =>
      ask(desk.GET('/api/tickets/{number}/attachments', { params: { path: { number } }, signal })),
  })

export const agentsQuery = () =>
  queryOptions({ queryKey: keys.agents, queryFn: ({ signal }) => ask(desk.GET('/api/agents', { signal })) })

export const settingsQuery = () =>
  queryOptions({
    queryKey: keys.settings,
    queryFn: ({ signal }) => ask(desk.GET('/api/settings', { signal })),
  })

export const draftsQuery = () =>
  queryOptions({ queryKey: keys.drafts, queryFn: ({ signal }) => ask(desk.GET('/api/drafts', { signal })) })

/** Completion over agents, partners and contacts. */
export const contactsQuery = (q: string) =>
  queryOptions({
    queryKey: keys.contacts(q),
    queryFn: ({ signal }) => ask(desk.GET('/api/contacts', { params: { query: { q, limit: 10 } }, signal })),
    staleTime: 60_000,
  })
