import { Skeleton } from '@mantine/core'
import { useInfiniteQuery } from '@tanstack/react-query'
import { useVirtualizer } from '@tanstack/react-virtual'
import { type ReactNode, useEffect, useMemo, useRef } from 'react'
import { useTranslation } from 'react-i18next'
import type { TicketFilter } from '@/api/keys'
import { listQuery } from '@/api/queries'
import type { TicketRow as Row } from '@/api/types'
import { useShortcut } from '@/lib/shortcuts'
import { useNow } from '@/lib/useNow'
import { ListEmpty, ListError } from './ListEmpty'
import { neighbour } from './neighbour'
import classes from './TicketList.module.css'
import { TicketRow } from './TicketRow'

const rowHeight = 74
const ahead = 12

type Props = {
  filter: TicketFilter
  /** Number of the ticket that is open. */
  selected?: number
  onSelect: (number: number) => void
  onEnter: () => void
  /** Draws the link around a row: the page knows the routes. */
  link: (row: Row, className: string, content: ReactNode) => ReactNode
}

/** A list of tickets, of which only what is seen is drawn. J and K move through it. */
export function TicketList({ filter, selected, onSelect, onEnter, link }: Props) {
  const { t } = useTranslation()
  const now = useNow()
  const scroller = useRef<HTMLDivElement>(null)
  const list = useInfiniteQuery(listQuery(filter))
  const { fetchNextPage, hasNextPage, isFetchingNextPage } = list
  const rows = useMemo(() => list.data?.pages.flatMap((page) => page.tickets) ?? [], [list.data])
  const virtual = useVirtualizer({
    count: rows.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => rowHeight,
    getItemKey: (index) => rows[index]?.number ?? index,
    overscan: 8,
  })
  const items = virtual.getVirtualItems()
  const last = items.at(-1)?.index ?? -1

  // The outside system is the desk: the next page is asked for before the end comes into sight.
  useEffect(() => {
    if (last >= rows.length - ahead && hasNextPage && !isFetchingNextPage) void fetchNextPage()
  }, [last, rows.length, hasNextPage, isFetchingNextPage, fetchNextPage])

  const move = (by: 1 | -1) => {
    const at = neighbour(rows, selected, by)
    const row = rows[at]
    if (!row) return
    virtual.scrollToIndex(at, { align: 'auto' })
    onSelect(row.number)
  }
  useShortcut('list.next', () => move(1))
  useShortcut('list.previous', () => move(-1))
  useShortcut('list.open', onEnter, selected !== undefined)

  if (list.isPending) return <Waiting />
  if (list.isError && rows.length === 0)
    return <ListError error={list.error} onRetry={() => void list.refetch()} />
  if (rows.length === 0) return <ListEmpty filter={filter} />
  return (
    <div ref={scroller} className={classes.scroller}>
      <ul className={classes.rows} style={{ height: virtual.getTotalSize() }} aria-label={t('list.label')}>
        {items.map((item) => {
          const row = rows[item.index]
          if (!row) return null
          return (
            <li
              key={item.key}
              className={classes.item}
              data-selected={row.number === selected || undefined}
              style={{ height: rowHeight, transform: `translateY(${item.start}px)` }}
              aria-setsize={hasNextPage ? -1 : rows.length}
              aria-posinset={item.index + 1}
            >
              {link(row, classes.row ?? '', <TicketRow row={row} now={now} />)}
            </li>
          )
        })}
      </ul>
    </div>
  )
}

function Waiting() {
  const { t } = useTranslation()
  return (
    <div className={classes.waiting} role="status" aria-label={t('list.loading')}>
      {[70, 55, 80, 62, 74, 50].map((width) => (
        <div key={width} className={classes.ghost}>
          <Skeleton height={12} width={`${width}%`} />
          <Skeleton height={10} width="90%" />
          <Skeleton height={10} width="40%" />
        </div>
      ))}
    </div>
  )
}
