import { Button, NativeSelect, PasswordInput, TextInput } from '@mantine/core'
import { IconUserPlus } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { type FormEvent, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { agentsQuery } from '@/api/queries'
import type { NewAgent } from '@/api/types'
import { problemWords } from '@/i18n/problem'
import { newId } from '@/lib/ids'
import { Chip } from '@/ui/Chip'
import { useAddAgent, useChangeAgent } from './queries'
import { Section } from './Section'
import classes from './Section.module.css'

/** Everybody with a login. */
export function Agents({ me }: { me: string }) {
  const { t } = useTranslation()
  const [adding, setAdding] = useState(false)
  const agents = useQuery(agentsQuery())
  const change = useChangeAgent()
  return (
    <Section
      title={t('settings.agents')}
      hint={t('agents.hint')}
      action={
        !adding && (
          <Button leftSection={<IconUserPlus size={16} />} onClick={() => setAdding(true)}>
            {t('agents.add')}
          </Button>
        )
      }
    >
      {adding && <AgentForm onDone={() => setAdding(false)} />}
      {agents.isError && <p role="alert">{problemWords(agents.error)}</p>}
      {agents.data?.agents.map((agent) => (
        <article key={agent.id} className={classes.card} aria-label={agent.name}>
          <div className={classes.line}>
            <span className={classes.name}>{agent.name}</span>
            <span className={classes.muted}>{agent.email}</span>
            <Chip tone="neutral">{t(`agents.role.${agent.role}`)}</Chip>
            {agent.disabled && <Chip tone="warning">{t('agents.disabled')}</Chip>}
            <span className={classes.grow} />
            {agent.id !== me && (
              <Button
                size="compact-sm"
                variant="default"
                onClick={() => change.mutate({ id: agent.id, disabled: !agent.disabled })}
              >
                {agent.disabled ? t('agents.enable') : t('agents.disable')}
              </Button>
            )}
          </div>
        </article>
      ))}
    </Section>
  )
}

function AgentForm({ onDone }: { onDone: () => void }) {
  const { t } = useTranslation()
  const add = useAddAgent()
  const [agent, setAgent] = useState<NewAgent>(() => ({
    id: newId(),
    email: '',
    name: '',
    role: 'agent',
    password: '',
  }))
  const set = (part: Partial<NewAgent>) => setAgent({ ...agent, ...part })
  const submit = (event: FormEvent) => {
    event.preventDefault()
    add.mutate(agent, { onSuccess: onDone })
  }
  return (
    <form className={`${classes.card} ${classes.form}`} onSubmit={submit} aria-label={t('agents.add')}>
      <div className={classes.half}>
        <TextInput
          label={t('agents.name')}
          required
          autoFocus
          value={agent.name}
          onChange={(event) => set({ name: event.currentTarget.value })}
        />
        <TextInput
          label={t('login.email')}
          type="email"
          required
          value={agent.email}
          onChange={(event) => set({ email: event.currentTarget.value })}
        />
        <PasswordInput
          label={t('login.password')}
          description={t('agents.password.hint')}
          required
          minLength={10}
          autoComplete="new-password"
          value={agent.password}
          onChange={(event) => set({ password: event.currentTarget.value })}
        />
        <NativeSelect
          label={t('agents.role')}
          description={t('agents.role.hint')}
          data={(['agent', 'admin'] as const).map((value) => ({ value, label: t(`agents.role.${value}`) }))}
          value={agent.role}
          onChange={(event) => set({ role: event.currentTarget.value as NewAgent['role'] })}
        />
      </div>
      {add.error && (
        <p className={classes.error} role="alert">
          {problemWords(add.error)}
        </p>
      )}
      <div className={classes.buttons}>
        <Button variant="subtle" onClick={onDone}>
          {t('settings.cancel')}
        </Button>
        <Button type="submit" loading={add.isPending}>
          {t('settings.save')}
        </Button>
      </div>
    </form>
  )
}
