import type { ReactNode } from 'react'
import classes from './Section.module.css'

type Props = { title: string; hint?: string; action?: ReactNode; children: ReactNode }

/** A page of the settings: what it is about, and at most one thing to begin. */
export function Section({ title, hint, action, children }: Props) {
  return (
    <section className={classes.section} aria-label={title}>
      <header className={classes.head}>
        <div className={classes.words}>
          <h2 className={classes.title}>{title}</h2>
          {hint && <p className={classes.hint}>{hint}</p>}
        </div>
        {action}
      </header>
      {children}
    </section>
  )
}
