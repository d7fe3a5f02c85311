import { ActionIcon, Tooltip } from '@mantine/core'
import {
  IconAlertCircle,
  IconCircleCheck,
  IconInbox,
  IconLayoutSidebarLeftCollapse,
  IconLayoutSidebarLeftExpand,
  IconListDetails,
  IconMasksTheater,
  IconSettings,
  IconShieldQuestion,
  IconStack2,
  IconUserCheck,
} from '@tabler/icons-react'
import { Link, useRouterState } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import type { Agent } from '@/api/types'
import type { ViewId } from '@/features/views/views'
import { viewOf, views } from '@/features/views/views'
import { Account } from './Account'
import classes from './Nav.module.css'

const icons: Record<ViewId, ReactNode> = {
  mine: <IconUserCheck size={18} />,
  unassigned: <IconInbox size={18} />,
  unsolved: <IconListDetails size={18} />,
  attention: <IconAlertCircle size={18} />,
  solved: <IconCircleCheck size={18} />,
  all: <IconStack2 size={18} />,
}

type Props = {
  wide: boolean
  counts?: Partial<Record<ViewId, number>>
  /** How much mail waits for a decision. */
  quarantine?: number
  /** Address of the sandbox's stage, where one plays the people outside. */
  stage?: string
  /** Who is logged in, where one logs in at all. */
  agent?: Pick<Agent, 'name' | 'email'>
  onToggle: () => void
}

/** The views with their counts, and the way to the settings. Narrow, it keeps icons and tooltips. */
export function Nav({ wide, counts, quarantine, stage, agent, onToggle }: Props) {
  const { t } = useTranslation()
  const { pathname, search } = useRouterState({ select: (state) => state.location })
  const open = pathname.startsWith('/tickets') && !search.q ? viewOf(search.view) : undefined
  return (
    <nav className={classes.nav} aria-label={t('nav.label')} data-wide={wide || undefined}>
      <div className={classes.brand}>
        <img src="/icon.svg" alt="" width={24} height={24} />
        {wide && <span>{t('app.name')}</span>}
      </div>
      <ul className={classes.list}>
        {views.map((view) => (
          <li key={view}>
            <NavItem wide={wide} icon={icons[view]} label={t(`view.${view}`)} count={counts?.[view]}>
              {(content, name) => (
                <Link
                  to="/tickets"
                  search={{ view }}
                  className={classes.item}
                  aria-label={name}
                  aria-current={view === open ? 'page' : undefined}
                  activeProps={{ 'aria-current': view === open ? 'page' : undefined }}
                >
                  {content}
                </Link>
              )}
            </NavItem>
          </li>
        ))}
      </ul>
      <div className={classes.shelf}>
        {stage && (
          <NavItem wide={wide} icon={<IconMasksTheater size={18} />} label={t('nav.stage')}>
            {(content, name) => (
              <a href={stage} target="_blank" rel="noreferrer" className={classes.item} aria-label={name}>
                {content}
              </a>
            )}
          </NavItem>
        )}
        <NavItem
          wide={wide}
          icon={<IconShieldQuestion size={18} />}
          label={t('nav.quarantine')}
          count={quarantine}
        >
          {(content, name) => (
            <Link to="/quarantine" className={classes.item} aria-label={name}>
              {content}
            </Link>
          )}
        </NavItem>
        {agent && <Account agent={agent} wide={wide} />}
      </div>
      <div className={classes.foot}>
        <NavItem wide={wide} icon={<IconSettings size={18} />} label={t('nav.settings')}>
          {(content, name) => (
            <Link to="/settings" className={classes.item} aria-label={name}>
              {content}
            </Link>
          )}
        </NavItem>
        <Tooltip label={wide ? t('nav.narrow') : t('nav.widen')} position="right">
          <ActionIcon
            variant="subtle"
            onClick={onToggle}
            aria-label={wide ? t('nav.narrow') : t('nav.widen')}
          >
            {wide ? <IconLayoutSidebarLeftCollapse size={18} /> : <IconLayoutSidebarLeftExpand size={18} />}
          </ActionIcon>
        </Tooltip>
      </div>
    </nav>
  )
}

type ItemProps = {
  wide: boolean
  icon: ReactNode
  label: string
  count?: number
  children: (content: ReactNode, name: string) => ReactNode
}

function NavItem({ wide, icon, label, count, children }: ItemProps) {
  const content = (
    <>
      <span className={classes.icon}>{icon}</span>
      {wide && <span className={classes.label}>{label}</span>}
      {count !== undefined && count > 0 && (
        <span className={classes.count}>{count > 999 ? '999+' : count}</span>
      )}
    </>
  )
  const name = count ? `${label}, ${count}` : label
  return (
    <Tooltip label={label} position="right" disabled={wide}>
      <span>{children(content, name)}</span>
    </Tooltip>
  )
}
