import { Loader } from '@mantine/core'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { type ReactNode, useEffect } from 'react'
import { useTranslation } from 'react-i18next'
import { startFeed } from '@/api/events'
import { Live } from '@/api/live'
import { meQuery } from '@/api/queries'
import type { News } from '@/api/types'
import { LoginPage } from '@/features/welcome/LoginPage'
import { Unreachable } from '@/features/welcome/Unreachable'
import { setConnection, useConnection } from './connection'
import classes from './Gate.module.css'
import { tellNews } from './news'

/**
 * Lets nobody in before the feed is being followed and the desk knows who asks, so that whatever a page reads
 * is read after the feed's position and no change between the two can be missed.
 */
export function Gate({ children }: { children: ReactNode }) {
  const { t } = useTranslation()
  const queries = useQueryClient()
  const connection = useConnection()
  const out = connection === 'login'
  const me = useQuery({ ...meQuery(), enabled: connection === 'online' })

  // The outside system is the desk's change feed.
  useEffect(() => {
    if (out) return
    const stop = new AbortController()
    const live = new Live(queries)
    const listener = {
      news: (news: News) => {
        live.news(news)
        tellNews(news)
      },
      gap: () => live.gap(),
      connection: setConnection,
    }
    void startFeed(listener, stop.signal)
    return () => stop.abort()
  }, [queries, out])

  if (out) return <LoginPage onDone={() => enter(queries.clear.bind(queries))} />
  if (me.data) return children
  if (connection === 'offline' || me.isError) {
    return <Unreachable error={me.error} onRetry={() => me.refetch()} />
  }
  return (
    <div className={classes.waiting}>
      <Loader aria-label={t('connection.starting')} />
    </div>
  )
}

function enter(forget: () => void): void {
  forget()
  setConnection('starting')
}
