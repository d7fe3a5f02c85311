import { Button, Skeleton } from '@mantine/core'
import { IconMapQuestion } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { Link, useNavigate, useParams, useSearch } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { meQuery, ticketQuery } from '@/api/queries'
import type { Ticket } from '@/api/types'
import { ReplyBox } from '@/features/composer/ReplyBox'
import { NewSide, SideReply } from '@/features/composer/SideComposer'
import { MessageCard } from '@/features/message/MessageCard'
import { SidePanel } from '@/features/side/SidePanel'
import { TicketHeader } from '@/features/ticket/TicketHeader'
import { Timeline } from '@/features/timeline/Timeline'
import { problemWords } from '@/i18n/problem'
import { usePref } from '@/lib/usePref'
import { EmptyState } from '@/ui/EmptyState'
import { Splitter } from '@/ui/Splitter'
import classes from './TicketPage.module.css'

/** One ticket: its header and the customer's thread, and beside them the context panel. */
export function TicketPage() {
  const { t } = useTranslation()
  const { number } = useParams({ from: '/tickets/$number' })
  const ticket = useQuery(ticketQuery(Number(number)))
  if (ticket.isPending) return <Waiting />
  if (ticket.isError) {
    return (
      <EmptyState
        icon={<IconMapQuestion size={22} />}
        title={t('ticket.failed')}
        action={
          <Button variant="default" onClick={() => void ticket.refetch()}>
            {t('connection.retry')}
          </Button>
        }
      >
        {problemWords(ticket.error)}
      </EmptyState>
    )
  }
  return <Open key={ticket.data.number} ticket={ticket.data} />
}

function Open({ ticket }: { ticket: Ticket }) {
  const { t } = useTranslation()
  const navigate = useNavigate()
  const search = useSearch({ from: '/tickets' })
  const me = useQuery(meQuery()).data?.agent
  const [width, setWidth] = usePref('panelWidth')
  const customer = ticket.conversations.find(({ kind }) => kind === 'customer')
  const openSide = (side: string | undefined) => void navigate({ to: '.', search: { ...search, side } })
  return (
    <div className={classes.panes}>
      <div className={classes.thread}>
        <TicketHeader
          ticket={ticket}
          me={{ id: me?.id ?? '', name: me?.name ?? '' }}
          onClose={() => void navigate({ to: '/tickets', search: { view: search.view, q: search.q } })}
          onSide={openSide}
          link={(number, content) => (
            <Link to="/tickets/$number" params={{ number: String(number) }} search={{ view: search.view }}>
              {content}
            </Link>
          )}
        />
        {customer && (
          <Timeline
            ticket={ticket}
            conversation={customer}
            onSide={openSide}
            renderMessage={(message) => <MessageCard message={message} tone="customer" />}
            composer={<ReplyBox ticket={ticket} conversation={customer} lastSeq={customer.last_seq} />}
          />
        )}
      </div>
      <Splitter label={t('pane.panel')} value={width} min={320} max={640} grows="after" onChange={setWidth} />
      <aside className={classes.panel} style={{ width }}>
        <SidePanel
          ticket={ticket}
          open={search.side}
          onOpen={openSide}
          renderMessage={(message) => <MessageCard message={message} tone="side" />}
          composer={(conversation, lastSeq) => (
            <SideReply conversation={conversation} lastSeq={lastSeq} customer={ticket.requester.email} />
          )}
          newSide={(onDone) => <NewSide ticket={ticket} onDone={onDone} />}
        />
      </aside>
    </div>
  )
}

function Waiting() {
  return (
    <div className={classes.waiting}>
      <Skeleton height={20} width="50%" />
      <Skeleton height={26} width="80%" />
      <Skeleton height={120} mt="xl" />
    </div>
  )
}
