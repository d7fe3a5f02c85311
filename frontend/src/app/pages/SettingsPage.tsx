import { useQuery } from '@tanstack/react-query'
import { Link, useSearch } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { meQuery } from '@/api/queries'
import { Agents } from '@/features/admin/Agents'
import { Appearance } from '@/features/admin/Appearance'
import { Mailboxes } from '@/features/admin/Mailboxes'
import { SideSettings } from '@/features/admin/SideSettings'
import { Tokens } from '@/features/admin/Tokens'
import classes from './SettingsPage.module.css'
import { type Section, sectionOf, sections } from './sections'

/** What only an admin may change; others see what is theirs. */
const forAdmins: ReadonlySet<Section> = new Set(['mailboxes', 'sides', 'agents'])

export function SettingsPage() {
  const { t } = useTranslation()
  const me = useQuery(meQuery()).data
  const section = sectionOf(useSearch({ from: '/settings' }).section)
  const admin = me?.agent.role === 'admin'
  const shown = sections.filter((name) => admin || !forAdmins.has(name))
  const content: Record<Section, ReactNode> = {
    appearance: <Appearance />,
    mailboxes: <Mailboxes />,
    sides: <SideSettings />,
    agents: <Agents me={me?.agent.id ?? ''} />,
    tokens: <Tokens />,
  }
  return (
    <main className={classes.page}>
      <nav className={classes.menu} aria-label={t('settings.menu')}>
        <h1 className={classes.title} tabIndex={-1}>
          {t('nav.settings')}
        </h1>
        {shown.map((name) => (
          <Link
            key={name}
            to="/settings"
            search={{ section: name }}
            className={classes.item}
            aria-current={name === section ? 'page' : undefined}
          >
            {t(`settings.${name}`)}
          </Link>
        ))}
      </nav>
      <div className={classes.content}>{shown.includes(section) ? content[section] : <Appearance />}</div>
    </main>
  )
}
