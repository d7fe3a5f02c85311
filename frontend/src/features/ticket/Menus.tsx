import { Menu, UnstyledButton } from '@mantine/core'
import { IconCheck, IconChevronDown } from '@tabler/icons-react'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import type { Priority, Status } from '@/api/types'
import { statusTone } from '@/lib/tones'
import { Chip } from '@/ui/Chip'
import classes from './Menus.module.css'

const statuses = ['open', 'pending', 'on-hold', 'solved'] as const satisfies readonly Status[]
const priorities = ['low', 'normal', 'high', 'urgent'] as const satisfies readonly Priority[]

type PickProps = { name: string; value: ReactNode; disabled: boolean; children: ReactNode }

/** A fact of the ticket that opens into a menu of what it could be. */
export function Pick({ name, value, disabled, children }: PickProps) {
  return (
    <Menu position="bottom-start" disabled={disabled} withinPortal>
      <Menu.Target>
        <UnstyledButton className={classes.pick} disabled={disabled}>
          <span className={classes.name}>{name}</span>
          {value}
          {!disabled && <IconChevronDown size={12} aria-hidden />}
        </UnstyledButton>
      </Menu.Target>
      <Menu.Dropdown className={classes.menu}>{children}</Menu.Dropdown>
    </Menu>
  )
}

export function Choice({
  chosen,
  onClick,
  children,
}: {
  chosen: boolean
  onClick: () => void
  children: ReactNode
}) {
  return (
    <Menu.Item
      onClick={onClick}
      aria-current={chosen ? 'true' : undefined}
      rightSection={chosen ? <IconCheck size={14} aria-hidden /> : undefined}
    >
      {children}
    </Menu.Item>
  )
}

type StatusProps = { status: Status; disabled: boolean; onChange: (status: Status) => void }

export function StatusMenu({ status, disabled, onChange }: StatusProps) {
  const { t } = useTranslation()
  return (
    <Pick
      name={t('ticket.status')}
      value={<Chip tone={statusTone[status]}>{t(`status.${status}`)}</Chip>}
      disabled={disabled}
    >
      {statuses.map((choice) => (
        <Choice key={choice} chosen={choice === status} onClick={() => onChange(choice)}>
          {t(`status.${choice}`)}
        </Choice>
      ))}
    </Pick>
  )
}

type PriorityProps = { priority: Priority; disabled: boolean; onChange: (priority: Priority) => void }

export function PriorityMenu({ priority, disabled, onChange }: PriorityProps) {
  const { t } = useTranslation()
  return (
    <Pick name={t('ticket.priority')} value={<span>{t(`priority.${priority}`)}</span>} disabled={disabled}>
      {priorities.map((choice) => (
        <Choice key={choice} chosen={choice === priority} onClick={() => onChange(choice)}>
          {t(`priority.${choice}`)}
        </Choice>
      ))}
    </Pick>
  )
}
