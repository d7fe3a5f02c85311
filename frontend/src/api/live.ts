import type { InfiniteData, QueryClient } from '@tanstack/react-query'
import { insertEvent, mergeHead, mergeNewest, type Operation, operations, type Topic } from './apply'
import { keys, type TicketFilter } from './keys'
import { messagePage, ticketPage } from './queries'
import type { DeskEvent, Me, MessagePage, News, TicketPage } from './types'

const topics: Record<Topic, readonly unknown[]> = {
  agents: keys.agents,
  drafts: keys.drafts,
  files: ['files'],
  mailboxes: keys.mailboxes,
  me: keys.me,
  quarantine: keys.quarantine,
  settings: keys.settings,
  sides: keys.sides,
  tickets: keys.tickets,
  views: keys.views,
}

/** Keeps the cache true to the feed. Each list and each thread has at most one request under way. */
export class Live {
  private readonly queries: QueryClient
  private readonly running = new Map<string, Promise<void>>()
  private readonly again = new Set<string>()
  private readonly touched = new Map<string, Set<number>>()

  constructor(queries: QueryClient) {
    this.queries = queries
  }

  news(news: News): void {
    const me = this.queries.getQueryData<Me>(keys.me)?.agent.id
    const todo = operations(news, me)
    const tickets = new Set(
      todo.flatMap((operation) => (operation.do === 'ticket' ? [operation.ticket] : [])),
    )
    if (tickets.size > 0 || todo.some((operation) => operation.do === 'heads')) this.heads(tickets)
    for (const operation of todo) this.carryOut(operation)
  }

  /** Something may have been missed: what is on the page is asked for again, the rest when it is looked at. */
  gap(): void {
    this.queries.setQueriesData<InfiniteData<TicketPage>>(
      { queryKey: keys.lists },
      (list) => list && { pages: list.pages.slice(0, 1), pageParams: list.pageParams.slice(0, 1) },
    )
    void this.queries.invalidateQueries()
  }

  private carryOut(operation: Operation): void {
    switch (operation.do) {
      case 'append':
        this.append(operation.event)
        break
      case 'message':
        this.newest(operation.conversation)
        break
      case 'ticket':
        void this.queries.invalidateQueries({ queryKey: keys.ticket(operation.ticket) })
        break
      case 'stale':
        void this.queries.invalidateQueries({ queryKey: topics[operation.what] })
        break
    }
  }

  private append(event: DeskEvent): void {
    if (!event.ticket) return
    this.queries.setQueryData<DeskEvent[]>(
      keys.timeline(event.ticket),
      (events) => events && insertEvent(events, event),
    )
  }

  /** Runs a job now, or once more when the same job that is running has ended. */
  private once(name: string, job: () => Promise<void>): void {
    if (this.running.has(name)) {
      this.again.add(name)
      return
    }
    const run = job()
      .catch(() => {
        // The desk did not answer: the feed notices the same, and its return asks for what is on the page.
      })
      .finally(() => {
        this.running.delete(name)
        if (this.again.delete(name)) this.once(name, job)
      })
    this.running.set(name, run)
  }

  private newest(conversation: string): void {
    const queryKey = keys.messages(conversation)
    const read = () => this.queries.getQueryData<InfiniteData<MessagePage>>(queryKey)
    if (!read()) return
    this.once(`messages ${conversation}`, async () => {
      const page = await messagePage(conversation, {})
      const data = read()
      if (!data) return
      const pages = mergeNewest(data.pages, page)
      if (pages) this.queries.setQueryData(queryKey, { ...data, pages })
      else await this.queries.invalidateQueries({ queryKey })
    })
  }

  private heads(tickets: ReadonlySet<number>): void {
    for (const query of this.queries.getQueryCache().findAll({ queryKey: keys.lists })) {
      if (!query.isActive()) {
        query.invalidate()
        continue
      }
      const waiting = this.touched.get(query.queryHash) ?? new Set()
      this.touched.set(query.queryHash, new Set([...waiting, ...tickets]))
      this.once(query.queryHash, () => this.head(query.queryKey, query.queryHash))
    }
  }

  private async head(queryKey: readonly unknown[], hash: string): Promise<void> {
    const touched = this.touched.get(hash) ?? new Set<number>()
    this.touched.delete(hash)
    const page = await ticketPage(queryKey[1] as TicketFilter, undefined)
    this.queries.setQueryData<InfiniteData<TicketPage>>(queryKey, (list) => {
      if (!list) return list
      const pages = mergeHead(list.pages, page, touched)
      return { pages, pageParams: list.pageParams.slice(0, pages.length) }
    })
  }
}
