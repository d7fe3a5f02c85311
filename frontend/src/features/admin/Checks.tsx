import { IconCheck, IconX } from '@tabler/icons-react'
import { useTranslation } from 'react-i18next'
import type { Check } from '@/api/types'
import { problemWords } from '@/i18n/problem'
import classes from './Section.module.css'

const names = ['connect', 'tls', 'login', 'folders', 'idle', 'smtp', 'send', 'receive', 'plus'] as const

type Name = (typeof names)[number]

function isName(name: string): name is Name {
  return (names as readonly string[]).includes(name)
}

type Props = { test: { isPending: boolean; error: unknown; data?: { checks: Check[] } } }

/** A mailbox's test, line by line: passed, or the server's own words and what to do. */
export function Checks({ test }: Props) {
  const { t } = useTranslation()
  if (test.isPending) {
    return (
      <p className={classes.muted} role="status">
        {t('mailbox.testing')}
      </p>
    )
  }
  if (test.error) {
    return (
      <p className={classes.error} role="alert">
        {problemWords(test.error)}
      </p>
    )
  }
  if (!test.data) return null
  return (
    <ul className={classes.checks} aria-label={t('mailbox.tested')}>
      {test.data.checks.map((check) => (
        <li key={check.name} className={classes.check} data-ok={check.ok}>
          <span
            className={classes.mark}
            role="img"
            aria-label={check.ok ? t('check.passed') : t('check.failed')}
          >
            {check.ok ? <IconCheck size={16} aria-hidden /> : <IconX size={16} aria-hidden />}
          </span>
          <span>{isName(check.name) ? t(`check.${check.name}`) : check.name}</span>
          <span className={classes.said}>
            {check.text}
            {check.hint && <p>{check.hint}</p>}
          </span>
        </li>
      ))}
    </ul>
  )
}
