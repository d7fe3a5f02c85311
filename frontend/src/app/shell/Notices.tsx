import { Anchor } from '@mantine/core'
import { notifications } from '@mantine/notifications'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useRouter } from '@tanstack/react-router'
import { useEffect } from 'react'
import { useTranslation } from 'react-i18next'
import { meQuery, ticketQuery, viewsQuery } from '@/api/queries'
import { followClicks, notifyDesktop, setBadge } from '@/api/shell'
import type { Conversation, DeskEvent, Ticket } from '@/api/types'
import { watchNews } from '../news'
import { concerns, type Place, routeTo } from './concerns'

/** So many at once are no longer notices but noise: the lists show them anyway. */
const most = 3

/** Says that an answer came, where the reader is not looking, with the way to it. */
export function Notices() {
  const { t } = useTranslation()
  const router = useRouter()
  const queries = useQueryClient()
  const me = useQuery(meQuery()).data?.agent.id
  const waiting = useQuery(viewsQuery()).data?.views.find(({ view }) => view === 'attention')?.count ?? 0

  // The outside system is the application's icon.
  useEffect(() => void setBadge(waiting), [waiting])

  // The outside system is the desktop: what was pressed there leads to a place here.
  useEffect(() => {
    const stop = new AbortController()
    void followClicks((route) => router.history.push(route), stop.signal)
    return () => stop.abort()
  }, [router])

  // The outside system is the desk's change feed.
  useEffect(() => {
    if (!me) return
    const place = (): Place => {
      const { pathname, search } = router.state.location
      const number = Number(pathname.split('/')[2])
      const side = (search as { side?: string }).side
      return { number, side, watching: document.hasFocus() && !document.hidden }
    }
    const show = (ticket: Ticket, conversation: Conversation) => {
      const route = routeTo(ticket.number, conversation)
      const who = conversation.last_author || ticket.requester.name || ticket.requester.email
      const about = conversation.subject || ticket.subject
      const title = t(conversation.kind === 'side' ? 'notice.side' : 'notice.customer', { who })
      const id = `answer ${conversation.id}`
      const open = () => {
        notifications.hide(id)
        router.history.push(route)
      }
      notifications.hide(id)
      notifications.show({
        id,
        title,
        color: conversation.kind === 'side' ? 'var(--side)' : 'var(--accent)',
        autoClose: 12_000,
        closeButtonProps: { 'aria-label': t('notice.close') },
        message: (
          <Anchor component="button" type="button" size="sm" onClick={open}>
            {t('notice.open', { subject: about, number: ticket.number })}
          </Anchor>
        ),
      })
      if (!document.hasFocus()) void notifyDesktop(title, `${about} (#${ticket.number})`, route)
    }
    const look = async (event: DeskEvent) => {
      if (!event.ticket) return
      const ticket = await queries.fetchQuery({ ...ticketQuery(event.ticket), staleTime: 0 })
      const conversation = concerns(event, ticket, me, place())
      if (conversation) show(ticket, conversation)
    }
    return watchNews((news) => {
      const came = news.events.filter(({ kind }) => kind === 'message.received')
      for (const event of came.slice(-most)) {
        // A desk that does not answer shows its banner; a notice less is no loss.
        look(event).catch(() => {})
      }
    })
  }, [me, queries, router, t])
  return null
}
