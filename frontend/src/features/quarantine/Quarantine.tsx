import { Button, Skeleton } from '@mantine/core'
import { IconShieldCheck } from '@tabler/icons-react'
import { useInfiniteQuery } from '@tanstack/react-query'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import type { Message } from '@/api/types'
import { problemWords } from '@/i18n/problem'
import { EmptyState } from '@/ui/EmptyState'
import { EntryCard } from './EntryCard'
import classes from './Quarantine.module.css'
import { quarantineQuery } from './queries'

type Props = { onTicket: (number: number) => void; renderMessage: (message: Message) => ReactNode }

/** Mail that the desk would have had to place by guess. A person decides; nothing is lost meanwhile. */
export function Quarantine({ onTicket, renderMessage }: Props) {
  const { t } = useTranslation()
  const list = useInfiniteQuery(quarantineQuery())
  const entries = list.data?.pages.flatMap((page) => page.entries) ?? []
  if (list.isPending) return <Skeleton height={160} />
  if (list.isError) return <p role="alert">{problemWords(list.error)}</p>
  if (entries.length === 0) {
    return (
      <EmptyState icon={<IconShieldCheck size={22} />} title={t('quarantine.none.title')}>
        {t('quarantine.none.text')}
      </EmptyState>
    )
  }
  return (
    <div className={classes.entries}>
      {entries.map((entry) => (
        <EntryCard key={entry.id} entry={entry} onTicket={onTicket} renderMessage={renderMessage} />
      ))}
      {list.hasNextPage && (
        <Button variant="default" loading={list.isFetchingNextPage} onClick={() => void list.fetchNextPage()}>
          {t('quarantine.more')}
        </Button>
      )}
    </div>
  )
}
