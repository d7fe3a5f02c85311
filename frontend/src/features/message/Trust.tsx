import { IconAlertTriangle, IconInfoCircle } from '@tabler/icons-react'
import { useTranslation } from 'react-i18next'
import type { Message } from '@/api/types'
import { knownFlag } from './codes'
import classes from './MessageCard.module.css'

const grave = new Set(['customer_in_side', 'sender_check_failed', 'mixed_thread', 'belongs_to_side'])

/** What to notice before one believes a message: who it says it is from, and why that may not be so. */
export function Trust({ message }: { message: Message }) {
  const { t } = useTranslation()
  const flags = message.flags.filter((code) => knownFlag(code) !== null)
  const suspect = message.grade === 'suspect' && !flags.includes('sender_check_failed')
  if (flags.length === 0 && !suspect && message.problems.length === 0) return null
  return (
    <ul className={classes.trust}>
      {suspect && <Line grave words={t('flag.sender_check_failed')} />}
      {flags.map((code) => {
        const flag = knownFlag(code)
        return flag && <Line key={code} grave={grave.has(code)} words={t(`flag.${flag}`)} />
      })}
      {message.problems.length > 0 && <Line words={t('message.problems')} />}
    </ul>
  )
}

function Line({ words, grave: red = false }: { words: string; grave?: boolean }) {
  return (
    <li data-grave={red || undefined}>
      {red ? <IconAlertTriangle size={14} aria-hidden /> : <IconInfoCircle size={14} aria-hidden />}
      {words}
    </li>
  )
}
