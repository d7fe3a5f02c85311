import { Button, Code, TextInput } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { type FormEvent, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { localeTag } from '@/i18n/i18n'
import { problemWords } from '@/i18n/problem'
import { threadTime } from '@/lib/dates'
import { useNow } from '@/lib/useNow'
import { tokensQuery, useAddToken, useRevokeToken } from './queries'
import { Section } from './Section'
import classes from './Section.module.css'

/** Keys for programs that act as oneself. A new one is shown once. */
export function Tokens() {
  const { t } = useTranslation()
  const now = useNow()
  const [name, setName] = useState('')
  const tokens = useQuery(tokensQuery())
  const add = useAddToken()
  const revoke = useRevokeToken()
  const submit = (event: FormEvent) => {
    event.preventDefault()
    add.mutate(name, { onSuccess: () => setName('') })
  }
  return (
    <Section title={t('settings.tokens')} hint={t('tokens.hint')}>
      <form className={classes.line} onSubmit={submit}>
        <TextInput
          className={classes.grow}
          aria-label={t('tokens.name')}
          placeholder={t('tokens.name')}
          required
          value={name}
          onChange={(event) => setName(event.currentTarget.value)}
        />
        <Button type="submit" loading={add.isPending}>
          {t('tokens.add')}
        </Button>
      </form>
      {add.data?.text && (
        <div className={classes.card} role="status">
          <span>{t('tokens.once')}</span>
          <Code block className={classes.secret}>
            {add.data.text}
          </Code>
        </div>
      )}
      {tokens.isError && <p role="alert">{problemWords(tokens.error)}</p>}
      {tokens.data?.tokens
        .filter(({ revoked }) => !revoked)
        .map((token) => (
          <article key={token.id} className={classes.card} aria-label={token.name}>
            <div className={classes.line}>
              <span className={classes.name}>{token.name}</span>
              <span className={classes.muted}>
                {token.used_at
                  ? t('tokens.used', { time: threadTime(token.used_at, now, localeTag()) })
                  : t('tokens.unused')}
              </span>
              <span className={classes.grow} />
              <Button size="compact-sm" variant="default" onClick={() => revoke.mutate(token.id)}>
                {t('tokens.revoke')}
              </Button>
            </div>
          </article>
        ))}
    </Section>
  )
}
