import { Button, PasswordInput, TextInput } from '@mantine/core'
import { useMutation } from '@tanstack/react-query'
import { type FormEvent, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { ask, desk, isCode } from '@/api/client'
import { problemWords } from '@/i18n/problem'
import classes from './LoginPage.module.css'

/** Asks who one is. Only a desk that serves a team asks; the window on one's own desk never does. */
export function LoginPage({ onDone }: { onDone: () => void }) {
  const { t } = useTranslation()
  const [email, setEmail] = useState('')
  const [password, setPassword] = useState('')
  const login = useMutation({
    mutationFn: () => ask(desk.POST('/api/session', { body: { email, password } })),
    onSuccess: onDone,
  })
  const submit = (event: FormEvent) => {
    event.preventDefault()
    login.mutate()
  }
  const wrong = isCode(login.error, 'login_failed')
  return (
    <main className={classes.page}>
      <form className={classes.card} onSubmit={submit}>
        <img src="/icon.svg" alt="" width={40} height={40} />
        <h1 className={classes.title}>{t('login.title')}</h1>
        <TextInput
          label={t('login.email')}
          type="email"
          autoComplete="username"
          required
          autoFocus
          value={email}
          onChange={(event) => setEmail(event.currentTarget.value)}
        />
        <PasswordInput
          label={t('login.password')}
          autoComplete="current-password"
          required
          value={password}
          onChange={(event) => setPassword(event.currentTarget.value)}
        />
        {login.error && (
          <p className={classes.error} role="alert">
            {wrong ? t('login.wrong') : problemWords(login.error)}
          </p>
        )}
        <Button type="submit" loading={login.isPending} fullWidth>
          {t('login.submit')}
        </Button>
      </form>
    </main>
  )
}
