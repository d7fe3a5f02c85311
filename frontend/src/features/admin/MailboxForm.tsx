import {
  Button,
  Collapse,
  NativeSelect,
  PasswordInput,
  Textarea,
  TextInput,
  UnstyledButton,
} from '@mantine/core'
import { type FormEvent, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { ApiError } from '@/api/client'
import type { NewMailbox } from '@/api/types'
import { problemWords } from '@/i18n/problem'
import { newId } from '@/lib/ids'
import { Checks } from './Checks'
import { guess, presets } from './presets'
import { useAddMailbox, useTestMailbox } from './queries'
import classes from './Section.module.css'

const tlsModes = ['implicit', 'starttls', 'none'] as const

function blank(): NewMailbox {
  return {
    id: newId(),
    name: '',
    address: '',
    imap: '',
    imap_tls: 'implicit',
    smtp: '',
    smtp_tls: 'implicit',
    user: '',
    password: '',
  }
}

/** A new mailbox. It can be tested before it is saved; the test shows each step in the server's own words. */
export function MailboxForm({ onDone }: { onDone: () => void }) {
  const { t } = useTranslation()
  const [box, setBox] = useState(blank)
  const [more, setMore] = useState(false)
  const test = useTestMailbox()
  const add = useAddMailbox()
  const set = (part: Partial<NewMailbox>) => setBox((before) => ({ ...before, ...part }))
  const tls = tlsModes.map((value) => ({ value, label: t(`mailbox.tls.${value}`) }))
  const refused = (field: string) =>
    add.error instanceof ApiError && add.error.field === field ? problemWords(add.error) : undefined
  const address = () => {
    if (!box.user) set({ user: box.address })
    if (!box.imap && !box.smtp) set(guess(box.address) ?? {})
  }
  const provider = (name: string) => {
    const chosen = presets.find((preset) => preset.name === name)
    if (!chosen) return
    const { imap, imap_tls, smtp, smtp_tls } = chosen
    set({ imap, imap_tls, smtp, smtp_tls })
  }
  const submit = (event: FormEvent) => {
    event.preventDefault()
    add.mutate(box, { onSuccess: onDone })
  }
  const text = (key: 'name' | 'address' | 'imap' | 'smtp' | 'user') => ({
    required: true,
    label: t(`mailbox.field.${key}`),
    value: box[key],
    error: refused(key),
    onChange: (event: { currentTarget: { value: string } }) => set({ [key]: event.currentTarget.value }),
  })
  return (
    <form className={`${classes.card} ${classes.form}`} onSubmit={submit} aria-label={t('mailbox.add')}>
      <div className={classes.half}>
        <TextInput {...text('address')} type="email" autoFocus onBlur={address} />
        <TextInput {...text('name')} description={t('mailbox.field.name.hint')} inputWrapperOrder={order} />
      </div>
      <div className={classes.half}>
        <TextInput {...text('user')} />
        <PasswordInput
          required
          label={t('mailbox.field.password')}
          description={t('mailbox.field.password.hint')}
          inputWrapperOrder={order}
          autoComplete="off"
          value={box.password}
          onChange={(event) => set({ password: event.currentTarget.value })}
        />
      </div>
      <NativeSelect
        label={t('mailbox.provider')}
        data={[{ value: '', label: t('mailbox.provider.other') }, ...presets.map(({ name }) => name)]}
        value={presets.find(({ imap, smtp }) => imap === box.imap && smtp === box.smtp)?.name ?? ''}
        onChange={(event) => provider(event.currentTarget.value)}
      />
      <div className={classes.row}>
        <TextInput {...text('imap')} />
        <NativeSelect
          label={t('mailbox.field.tls')}
          data={tls}
          value={box.imap_tls}
          onChange={(event) => set({ imap_tls: event.currentTarget.value as NewMailbox['imap_tls'] })}
        />
        <TextInput {...text('smtp')} />
        <NativeSelect
          label={t('mailbox.field.tls')}
          data={tls}
          value={box.smtp_tls}
          onChange={(event) => set({ smtp_tls: event.currentTarget.value as NewMailbox['smtp_tls'] })}
        />
      </div>
      <UnstyledButton className={classes.muted} aria-expanded={more} onClick={() => setMore(!more)}>
        {t('mailbox.more')}
      </UnstyledButton>
      <Collapse expanded={more}>
        <Textarea
          label={t('mailbox.field.ca')}
          description={t('mailbox.field.ca.hint')}
          rows={4}
          value={box.ca ?? ''}
          onChange={(event) => set({ ca: event.currentTarget.value || undefined })}
        />
      </Collapse>
      <Checks test={test} />
      {add.error && (
        <p className={classes.error} role="alert">
          {problemWords(add.error)}
        </p>
      )}
      <div className={classes.buttons}>
        <Button variant="subtle" onClick={onDone}>
          {t('settings.cancel')}
        </Button>
        <Button variant="default" loading={test.isPending} onClick={() => test.mutate(box)}>
          {t('mailbox.test')}
        </Button>
        <Button type="submit" loading={add.isPending}>
          {t('settings.save')}
        </Button>
      </div>
    </form>
  )
}

/** The hint stands below the field, so that fields side by side stay level. */
const order: ('label' | 'input' | 'description' | 'error')[] = ['label', 'input', 'description', 'error']
