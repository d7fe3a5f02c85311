import { Menu, UnstyledButton } from '@mantine/core'
import { notifications } from '@mantine/notifications'
import { IconLogout } from '@tabler/icons-react'
import { useMutation } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { ask, desk } from '@/api/client'
import type { Agent } from '@/api/types'
import { problemWords } from '@/i18n/problem'
import classes from './Account.module.css'
import { initials } from './initials'

/** Who is logged in, and the way out. */
export function Account({ agent, wide }: { agent: Pick<Agent, 'name' | 'email'>; wide: boolean }) {
  const { t } = useTranslation()
  const logout = useMutation({
    mutationFn: () => ask(desk.DELETE('/api/session')),
    // A fresh page: nothing that was read stays behind for whoever logs in next.
    onSuccess: () => globalThis.location.assign('/'),
    onError: (error) =>
      notifications.show({
        color: 'var(--danger)',
        title: t('account.logout.failed'),
        message: problemWords(error),
      }),
  })
  const name = agent.name || agent.email
  return (
    <Menu position="right-end">
      <Menu.Target>
        <UnstyledButton className={classes.account} aria-label={t('account.label', { name })}>
          <span className={classes.initials} aria-hidden>
            {initials(name)}
          </span>
          {wide && <span className={classes.name}>{name}</span>}
        </UnstyledButton>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Label>{agent.email}</Menu.Label>
        <Menu.Item leftSection={<IconLogout size={16} aria-hidden />} onClick={() => logout.mutate()}>
          {t('account.logout')}
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  )
}
