import { Button } from '@mantine/core'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Faults, Form } from './form'
import { RecipientLine } from './RecipientLine'

type Props = {
  form: Form
  edit: (patch: Partial<Form>) => void
  fault?: Faults['people']
  words?: string
  focus: boolean
}

/** To, Cc and Bcc; the two last appear when they are asked for or used. */
export function People({ form, edit, fault, words, focus }: Props) {
  const { t } = useTranslation()
  const [more, setMore] = useState(false)
  const cc = more || form.cc.length > 0
  const bcc = more || form.bcc.length > 0
  const error = words ?? (fault && t(`composer.fault.${fault}`))
  return (
    <>
      <RecipientLine
        label={t('composer.to')}
        chips={form.to}
        onChange={(to) => edit({ to })}
        error={error}
        focus={focus}
        aside={
          (!cc || !bcc) && (
            <Button size="compact-xs" variant="subtle" onClick={() => setMore(true)}>
              {t('composer.more')}
            </Button>
          )
        }
      />
      {cc && <RecipientLine label={t('composer.cc')} chips={form.cc} onChange={(to) => edit({ cc: to })} />}
      {bcc && (
        <RecipientLine label={t('composer.bcc')} chips={form.bcc} onChange={(to) => edit({ bcc: to })} />
      )}
    </>
  )
}
