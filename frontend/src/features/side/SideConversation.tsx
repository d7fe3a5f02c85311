import { Alert, Anchor, Button, Skeleton, Stack } from '@mantine/core'
import { IconAlertTriangle, IconCheck, IconRotate } from '@tabler/icons-react'
import { useInfiniteQuery } from '@tanstack/react-query'
import { Fragment, type ReactNode, useEffect, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { messagesQuery } from '@/api/queries'
import type { Conversation, Message, Ticket } from '@/api/types'
import { useShortcut } from '@/lib/shortcuts'
import { NewPeople } from './NewPeople'
import { firstUnread, names } from './order'
import { useRead, useTurnDone } from './queries'
import classes from './Side.module.css'

type Props = {
  ticket: Ticket
  conversation: Conversation
  back: ReactNode
  renderMessage: (message: Message) => ReactNode
  composer: (conversation: Conversation, lastSeq: number) => ReactNode
}

/** One side conversation: who is in it, what was said, and the place to answer. */
export function SideConversation({ ticket, conversation, back, renderMessage, composer }: Props) {
  const { t } = useTranslation()
  const { id, ticket: home } = conversation
  // The mark as it was when it was opened: the line above the new messages must not move while one reads.
  const [readTo] = useState(conversation.read_to)
  const pages = useInfiniteQuery(messagesQuery(id))
  const messages = pages.data?.pages.flatMap((page) => page.messages) ?? []
  const lastSeq = messages.reduce((last, { seq }) => Math.max(last, seq), 0)
  const fresh = firstUnread(messages, readTo)
  const bottom = useSeen(conversation, lastSeq)
  const jump = useJump(messages.length > 0, lastSeq)
  const customer = conversation.participants.some((one) => one.customer)

  return (
    <>
      <header className={classes.bar}>
        {back}
        <div className={classes.heading}>
          <h2 className={classes.title} title={conversation.subject}>
            {conversation.subject}
          </h2>
          <div className={classes.under}>
            <p className={classes.people} title={names(conversation)}>
              {t('side.people', { people: names(conversation) })}
            </p>
            <StateButton conversation={conversation} />
          </div>
        </div>
      </header>
      {customer && (
        <Alert color="danger" className={classes.note} icon={<IconAlertTriangle size={18} />}>
          {t('side.customer')}
        </Alert>
      )}
      {home !== ticket.number && (
        <Alert color="side" className={classes.note}>
          <Anchor href={`#/tickets/${home}?side=${id}`} size="sm">
            {t('side.moved', { number: home })}
          </Anchor>
        </Alert>
      )}
      <NewPeople conversation={conversation} />
      <div
        className={classes.scroll}
        ref={jump}
        // A scrolling area is reached by keyboard, to be scrolled.
        // biome-ignore lint/a11y/noNoninteractiveTabindex: see above
        tabIndex={0}
        role="log"
        aria-live="off"
        aria-label={conversation.subject}
      >
        {pages.isPending && <Waiting />}
        {pages.error && (
          <Alert color="danger" title={t('side.error')}>
            <p>{pages.error.message}</p>
            <Button size="compact-sm" onClick={() => void pages.refetch()}>
              {t('side.error.again')}
            </Button>
          </Alert>
        )}
        {pages.hasPreviousPage && (
          <Button variant="subtle" size="compact-sm" onClick={() => void pages.fetchPreviousPage()}>
            {t('side.earlier')}
          </Button>
        )}
        {messages.map((message) => (
          <Fragment key={message.id}>
            {message.id === fresh?.id && (
              <p className={classes.fresh} id={`fresh-${id}`}>
                {t('side.unread.line')}
              </p>
            )}
            {renderMessage(message)}
          </Fragment>
        ))}
        <span ref={bottom} aria-hidden className={classes.bottom} />
      </div>
      <div className={classes.composer}>{composer(conversation, lastSeq)}</div>
    </>
  )
}

function StateButton({ conversation }: { conversation: Conversation }) {
  const { t } = useTranslation()
  const change = useTurnDone(conversation)
  const done = conversation.state === 'done'
  const turn = () => change.mutate(done ? 'open' : 'done')
  useShortcut('side.done', turn, !change.isPending)
  return (
    <Button
      size="compact-sm"
      variant={done ? 'default' : 'light'}
      color="side"
      className={classes.state}
      title={change.error?.message ?? (done ? undefined : t('side.done.off'))}
      loading={change.isPending}
      leftSection={done ? <IconRotate size={15} /> : <IconCheck size={15} />}
      onClick={turn}
    >
      {done ? t('side.reopen') : t('side.done')}
    </Button>
  )
}

function Waiting() {
  return (
    <Stack gap="sm" aria-hidden>
      <Skeleton height={84} />
      <Skeleton height={120} />
    </Stack>
  )
}

/** Marks the conversation as read once its end has been on the screen of somebody who looks at the page. */
function useSeen(conversation: Conversation, lastSeq: number) {
  const bottom = useRef<HTMLSpanElement>(null)
  const { mutate } = useRead(conversation)
  const marked = useRef(conversation.read_to)
  // The outside system is the screen.
  useEffect(() => {
    const end = bottom.current
    if (!end || lastSeq <= marked.current || typeof IntersectionObserver === 'undefined') return
    const seen = new IntersectionObserver(([entry]) => {
      if (!entry?.isIntersecting || document.visibilityState !== 'visible') return
      marked.current = lastSeq
      mutate(lastSeq)
      seen.disconnect()
    })
    const look = () => {
      seen.unobserve(end)
      seen.observe(end)
    }
    seen.observe(end)
    document.addEventListener('visibilitychange', look)
    return () => {
      seen.disconnect()
      document.removeEventListener('visibilitychange', look)
    }
  }, [lastSeq, mutate])
  return bottom
}

/** Scrolls to the first unread message, or to the end; later, new messages are followed by whoever is at the end. */
function useJump(ready: boolean, lastSeq: number) {
  const box = useRef<HTMLDivElement>(null)
  const jumped = useRef(false)
  // The outside system is the scroll position, and frames that find their height only after they are drawn.
  // biome-ignore lint/correctness/useExhaustiveDependencies: a new last message is the moment to follow
  useEffect(() => {
    const pane = box.current
    if (!pane || !ready) return
    const atEnd = () => pane.scrollHeight - pane.scrollTop - pane.clientHeight < 160
    const stick = !jumped.current || atEnd()
    const mark = jumped.current ? null : pane.querySelector('[id^="fresh-"]')
    jumped.current = true
    const go = () => {
      if (mark) mark.scrollIntoView({ block: 'start' })
      else pane.scrollTo({ top: pane.scrollHeight })
    }
    if (!stick) return
    go()
    const settle = new ResizeObserver(go)
    for (const child of pane.children) settle.observe(child)
    const stop = () => settle.disconnect()
    const timer = setTimeout(stop, 1_500)
    pane.addEventListener('wheel', stop, { once: true })
    pane.addEventListener('pointerdown', stop, { once: true })
    return () => {
      clearTimeout(timer)
      stop()
    }
  }, [ready, lastSeq])
  return box
}
