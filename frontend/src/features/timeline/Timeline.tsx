import { Button, Skeleton } from '@mantine/core'
import { useInfiniteQuery, useQuery } from '@tanstack/react-query'
import { Fragment, type ReactNode, useMemo, useRef } from 'react'
import { useTranslation } from 'react-i18next'
import { agentsQuery, messagesQuery, timelineQuery } from '@/api/queries'
import type { Conversation, Message, Ticket } from '@/api/types'
import { problemWords } from '@/i18n/problem'
import { useStick } from '@/lib/useStick'
import { entries } from './entries'
import { EventLine } from './kinds/kinds'
import { AroundContext } from './kinds/line'
import classes from './Timeline.module.css'
import { useReading } from './useReading'

type Props = {
  ticket: Ticket
  conversation: Conversation
  onSide: (id: string) => void
  renderMessage: (message: Message) => ReactNode
  /** Where one answers; it stays below the thread. */
  composer: ReactNode
}

/** The customer's thread: what was said, notes, and what happened, oldest first. It opens at its end. */
export function Timeline({ ticket, conversation, onSide, renderMessage, composer }: Props) {
  const { t } = useTranslation()
  const scroller = useRef<HTMLDivElement>(null)
  const thread = useInfiniteQuery(messagesQuery(conversation.id))
  const log = useQuery(timelineQuery(ticket.number))
  const agents = useQuery(agentsQuery()).data?.agents
  const complete = !thread.hasPreviousPage
  const list = useMemo(
    () =>
      entries({
        messages: thread.data?.pages.flatMap((page) => page.messages) ?? [],
        events: log.data ?? [],
        customer: conversation.id,
        complete,
      }),
    [thread.data, log.data, conversation.id, complete],
  )
  useStick(scroller, list[0]?.key)
  useReading(conversation, thread.isSuccess)
  const around = useMemo(
    () => ({
      conversations: ticket.conversations,
      agentName: (id: string) => agents?.find((agent) => agent.id === id)?.name,
      onSide,
    }),
    [ticket.conversations, agents, onSide],
  )
  const failed = thread.error ?? log.error
  return (
    <section className={classes.timeline} aria-label={t('timeline.label')}>
      <div
        ref={scroller}
        className={classes.scroller}
        data-scrolls
        // A scrolling area is reached by keyboard, to be scrolled.
        // biome-ignore lint/a11y/noNoninteractiveTabindex: see above
        tabIndex={0}
        role="log"
        aria-live="off"
        aria-label={t('timeline.label')}
      >
        <div className={classes.entries}>
          {thread.hasPreviousPage && (
            <Button
              variant="subtle"
              size="compact-sm"
              className={classes.older}
              loading={thread.isFetchingPreviousPage}
              onClick={() => void thread.fetchPreviousPage()}
            >
              {t('timeline.older')}
            </Button>
          )}
          {thread.isPending && <Waiting />}
          {failed && (
            <p className={classes.failed} role="alert">
              {problemWords(failed)}
            </p>
          )}
          <AroundContext value={around}>
            {list.map((entry) => (
              <Fragment key={entry.key}>
                {entry.is === 'message' ? renderMessage(entry.message) : <EventLine event={entry.event} />}
              </Fragment>
            ))}
          </AroundContext>
        </div>
      </div>
      {composer && <div className={classes.composer}>{composer}</div>}
    </section>
  )
}

function Waiting() {
  return (
    <>
      <Skeleton height={96} radius="md" />
      <Skeleton height={72} radius="md" />
    </>
  )
}
