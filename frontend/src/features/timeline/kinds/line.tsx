import { Anchor } from '@mantine/core'
import { type ComponentType, createContext, type ReactNode, use } from 'react'
import { useTranslation } from 'react-i18next'
import type { Conversation, DeskEvent } from '@/api/types'
import { localeTag } from '@/i18n/i18n'
import { fullTime, threadTime } from '@/lib/dates'
import { useNow } from '@/lib/useNow'
import classes from './line.module.css'

export type LineProps = { event: DeskEvent }
export type Line = ComponentType<LineProps>

/** What a line may point at: the ticket's conversations, the agents' names, the way to a conversation. */
export type Around = {
  conversations: Conversation[]
  agentName: (id: string) => string | undefined
  onSide: (id: string) => void
}

export const AroundContext = createContext<Around>({
  conversations: [],
  agentName: () => undefined,
  onSide: () => {},
})

/** Who did it, in words: an agent or contact by name, the desk itself otherwise. */
export function useWho({ by }: DeskEvent): string {
  const { t } = useTranslation()
  if (by.kind === 'machine') return t('event.who.desk')
  return by.name || t('event.who.somebody')
}

export function fact(event: DeskEvent, name: string): string {
  const value = event.facts[name]
  return typeof value === 'string' || typeof value === 'number' ? String(value) : ''
}

type QuietProps = { event: DeskEvent; tone?: 'danger' | 'side'; icon: ReactNode; children: ReactNode }

/** One quiet line: what happened, by whom, when. */
export function Quiet({ event, tone, icon, children }: QuietProps) {
  const now = useNow()
  return (
    <p className={classes.line} data-tone={tone}>
      <span className={classes.icon} aria-hidden>
        {icon}
      </span>
      <span className={classes.words}>{children}</span>
      <time
        className={classes.time}
        dateTime={event.occurred_at}
        title={fullTime(event.occurred_at, localeTag())}
      >
        {threadTime(event.occurred_at, now, localeTag())}
      </time>
    </p>
  )
}

/** The side conversation that an event belongs to, as a way to it. Nothing on the customer's own thread. */
export function SideLink({ event }: LineProps) {
  const { conversations, onSide } = use(AroundContext)
  const side = conversations.find(({ id, kind }) => id === event.conversation && kind === 'side')
  if (!side) return null
  return (
    <Anchor component="button" type="button" inherit className={classes.link} onClick={() => onSide(side.id)}>
      {side.subject}
    </Anchor>
  )
}
