import { Menu } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { agentsQuery } from '@/api/queries'
import type { AgentRef } from '@/api/types'
import { Choice, Pick } from './Menus'

type Props = {
  assignee?: AgentRef
  me: AgentRef
  disabled: boolean
  /** An agent's id, or nothing for nobody. */
  onChange: (agent: string) => void
}

/** Who has the ticket. Oneself comes first. */
export function AssigneeMenu({ assignee, me, disabled, onChange }: Props) {
  const { t } = useTranslation()
  const agents = useQuery(agentsQuery()).data?.agents ?? []
  const others = agents.filter(({ id, disabled: gone }) => id !== me.id && !gone)
  return (
    <Pick
      name={t('ticket.assignee')}
      value={<span>{assignee?.name ?? t('assignee.none')}</span>}
      disabled={disabled}
    >
      <Choice chosen={assignee?.id === me.id} onClick={() => onChange(me.id)}>
        {t('assignee.me', { name: me.name })}
      </Choice>
      <Choice chosen={!assignee} onClick={() => onChange('')}>
        {t('assignee.none')}
      </Choice>
      {others.length > 0 && <Menu.Divider />}
      {others.map((agent) => (
        <Choice key={agent.id} chosen={assignee?.id === agent.id} onClick={() => onChange(agent.id)}>
          {agent.name}
        </Choice>
      ))}
    </Pick>
  )
}
