import type { ReactNode } from 'react'
import type { Tone } from '@/lib/tones'
import classes from './Chip.module.css'

type Props = { tone: Tone; icon?: ReactNode; title?: string; children: ReactNode }

/** A word or two about the state of something. Never shrinks, never wraps. */
export function Chip({ tone, icon, title, children }: Props) {
  return (
    <span className={classes.chip} data-tone={tone} title={title}>
      {icon}
      {children}
    </span>
  )
}
