import { ActionIcon, Alert, Group, Skeleton, TextInput, Tooltip } from '@mantine/core'
import { IconPaperclip, IconTrash } from '@tabler/icons-react'
import { type DragEvent, type KeyboardEvent, lazy, type ReactNode, Suspense, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { ApiError } from '@/api/client'
import classes from './Composer.module.css'
import { type Faults, type Form, faults, hasWords, type Limits } from './form'
import { People } from './People'
import { headcount } from './recipients'
import { Signature } from './Signature'
import { Tray } from './Tray'
import { useComposerData } from './useComposerData'
import type { DraftState } from './useDraft'
import { useFiles } from './useFiles'

const Editor = lazy(() => import('./Editor'))

type Props = {
  kind: 'customer' | 'note' | 'side'
  label: string
  placeholder: string
  draft: DraftState
  subject?: boolean
  /** Where the keys go when the composer opens. */
  focus?: 'people' | 'text'
  /** The customer's address, where writing to it deserves a warning. */
  customer?: string
  sending: boolean
  error: unknown
  onSend: (form: Form) => void
  onDiscard: () => void
  send: (submit: () => void, sending: boolean) => ReactNode
  notice?: ReactNode
}

/** What all composers share: people, subject, text, files, and the way out. */
export function Composer(props: Props) {
  const { kind, label, placeholder, draft, subject = false, focus, customer, sending, error } = props
  const { t } = useTranslation()
  const { form, edit } = draft
  const { signature, limits, agents } = useComposerData()
  const files = useFiles((file) => edit({ files: [...form.files, file] }))
  const [tried, setTried] = useState(false)
  const picker = useRef<HTMLInputElement>(null)
  const [noFiles, setNoFiles] = useState(false)

  const people = kind !== 'note'
  const found = faults(form, { people, subject }, limits, agents)
  const shown: Faults = tried || found.people === 'malformed' || found.people === 'many' ? found : {}
  const said = error instanceof ApiError ? error : null
  const busy = files.going.length > 0

  const submit = () => {
    setTried(true)
    if (sending || busy || Object.keys(found).length > 0) return
    setTried(false)
    props.onSend(form)
  }
  const keyDown = (event: KeyboardEvent) => {
    if (event.key !== 'Enter' || !(event.ctrlKey || event.metaKey)) return
    event.preventDefault()
    event.stopPropagation()
    submit()
  }
  const drop = (event: DragEvent) => {
    event.preventDefault()
    const dropped = [...event.dataTransfer.files]
    // The window's web view keeps the files of a drop to itself; the paper clip always works.
    setNoFiles(dropped.length === 0 && event.dataTransfer.types.includes('text/uri-list'))
    if (dropped.length > 0) files.add(dropped)
  }

  return (
    <section
      className={classes.composer}
      data-kind={kind}
      aria-label={label}
      onKeyDownCapture={keyDown}
      onDrop={drop}
    >
      {people && (
        <People
          form={form}
          edit={edit}
          fault={shown.people}
          words={said && ['to', 'cc', 'bcc'].includes(said.field ?? '') ? said.message : undefined}
          focus={focus === 'people'}
        />
      )}
      {subject && (
        <div className={classes.line}>
          <span className={classes.lineLabel} aria-hidden>
            {t('composer.subject')}
          </span>
          <TextInput
            variant="unstyled"
            className={classes.subject}
            aria-label={t('composer.subject')}
            required
            maxLength={300}
            value={form.subject}
            error={said?.field === 'subject' ? said.message : shown.subject && t('composer.fault.subject')}
            onChange={(event) => edit({ subject: event.currentTarget.value })}
          />
        </div>
      )}
      {customer && includes(form, customer) && (
        <Alert color="danger" className={classes.notice}>
          {t('composer.customer', { who: customer })}
        </Alert>
      )}
      <Suspense fallback={<Skeleton height={120} radius={0} />}>
        <Editor
          label={label}
          placeholder={placeholder}
          html={form.html}
          revision={draft.revision}
          focus={focus === 'text'}
          onChange={(html) => edit({ html })}
          onFiles={files.add}
        />
      </Suspense>
      {people && form.signature && hasWords(signature) && (
        <Signature html={signature} onRemove={() => edit({ signature: false })} />
      )}
      <Tray
        held={form.files}
        files={files}
        onRemove={(id) => edit({ files: form.files.filter((file) => file.id !== id) })}
      />
      {props.notice}
      {noFiles && <p className={classes.fault}>{t('upload.nofiles')}</p>}
      {said && (
        <Alert color="danger" className={classes.notice} role="alert">
          {said.code === 'unreachable' ? t('composer.unreachable') : said.message} {said.hint}
        </Alert>
      )}
      {tried && found.text && <p className={classes.fault}>{t('composer.fault.text')}</p>}
      {tried && busy && <p className={classes.fault}>{t('upload.wait')}</p>}
      <Group className={classes.foot} gap="sm" wrap="nowrap">
        <Tooltip label={t('upload.attach')}>
          <ActionIcon
            variant="subtle"
            aria-label={t('upload.attach')}
            onClick={() => picker.current?.click()}
          >
            <IconPaperclip size={18} />
          </ActionIcon>
        </Tooltip>
        <input
          ref={picker}
          type="file"
          multiple
          hidden
          aria-label={t('upload.attach')}
          onChange={(event) => {
            files.add([...(event.currentTarget.files ?? [])])
            event.currentTarget.value = ''
          }}
        />
        <Tooltip label={t('composer.discard')}>
          <ActionIcon variant="subtle" aria-label={t('composer.discard')} onClick={props.onDiscard}>
            <IconTrash size={17} />
          </ActionIcon>
        </Tooltip>
        <span className={classes.keeping} aria-live="polite">
          {people && limits && nearly(form, limits) && (
            <b>
              {t('composer.count', {
                people: headcount(form, agents ?? []).people,
                most: limits.people,
              })}{' '}
            </b>
          )}
          {draft.keeping === 'kept' && draft.changed && t('composer.kept')}
          {draft.keeping === 'failed' && t('composer.unkept')}
        </span>
        {props.send(submit, sending)}
      </Group>
    </section>
  )
}

/** Is the number of people something to think about? */
function nearly(form: Form, limits: Limits): boolean {
  return headcount(form, []).people >= 0.8 * Math.min(limits.people, limits.outside)
}

function includes(form: Form, email: string): boolean {
  return [...form.to, ...form.cc, ...form.bcc].some((one) => one.email.toLowerCase() === email.toLowerCase())
}
