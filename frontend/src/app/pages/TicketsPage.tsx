import { IconMail } from '@tabler/icons-react'
import { useSearch } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { viewOf } from '@/features/views/views'
import { usePref } from '@/lib/usePref'
import { EmptyState } from '@/ui/EmptyState'
import { Splitter } from '@/ui/Splitter'
import classes from './TicketsPage.module.css'

/** List, ticket and context panel side by side. */
export function TicketsPage() {
  const { t } = useTranslation()
  const search = useSearch({ from: '/tickets' })
  const view = viewOf(search.view)
  const [width, setWidth] = usePref('listWidth')
  return (
    <div className={classes.panes}>
      <section className={classes.list} style={{ width }} aria-label={t(`view.${view}`)}>
        <h1 className={classes.title}>{t(`view.${view}`)}</h1>
      </section>
      <Splitter label={t('pane.list')} value={width} min={260} max={560} grows="before" onChange={setWidth} />
      <main className={classes.ticket}>
        <EmptyState icon={<IconMail size={22} />} title={t('ticket.none.title')}>
          {t('ticket.none.text')}
        </EmptyState>
      </main>
    </div>
  )
}
