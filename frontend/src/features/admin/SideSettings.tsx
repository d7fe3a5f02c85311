import { Button, NumberInput, Skeleton, Switch } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { type FormEvent, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { settingsQuery } from '@/api/queries'
import type { Settings } from '@/api/types'
import { problemWords } from '@/i18n/problem'
import { useSaveSettings } from './queries'
import { Section } from './Section'
import classes from './Section.module.css'

/** What holds for side conversations on the whole desk. */
export function SideSettings() {
  const { t } = useTranslation()
  const settings = useQuery(settingsQuery())
  return (
    <Section title={t('settings.sides')}>
      {settings.isPending && <Skeleton height={200} />}
      {settings.isError && <p role="alert">{problemWords(settings.error)}</p>}
      {settings.data && <Form key={JSON.stringify(settings.data)} saved={settings.data} />}
    </Section>
  )
}

const switches = ['mail_side_conversations', 'reopen_done', 'reopen_solved'] as const
const numbers = [
  { key: 'undo_seconds', min: 0, max: 120 },
  { key: 'max_recipients', min: 1, max: 500 },
  { key: 'max_outside_recipients', min: 1, max: 500 },
] as const

function Form({ saved }: { saved: Settings }) {
  const { t } = useTranslation()
  const [form, setForm] = useState(saved)
  const save = useSaveSettings()
  const changed = JSON.stringify(form) !== JSON.stringify(saved)
  const submit = (event: FormEvent) => {
    event.preventDefault()
    save.mutate(form)
  }
  return (
    <form className={classes.form} onSubmit={submit}>
      {switches.map((key) => (
        <Switch
          key={key}
          label={t(`sides.${key}`)}
          description={t(`sides.${key}.hint`)}
          checked={form[key]}
          onChange={(event) => setForm({ ...form, [key]: event.currentTarget.checked })}
        />
      ))}
      {numbers.map(({ key, min, max }) => (
        <NumberInput
          key={key}
          label={t(`sides.${key}`)}
          description={t(`sides.${key}.hint`)}
          min={min}
          max={max}
          w="18rem"
          value={form[key]}
          onChange={(value) => setForm({ ...form, [key]: Number(value) || min })}
        />
      ))}
      {save.error && (
        <p className={classes.error} role="alert">
          {problemWords(save.error)}
        </p>
      )}
      <div>
        <Button type="submit" disabled={!changed} loading={save.isPending}>
          {t('settings.save')}
        </Button>
      </div>
    </form>
  )
}
