import { Link, Outlet, useNavigate, useParams, useSearch } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { SearchField } from '@/features/views/SearchField'
import { TicketList } from '@/features/views/TicketList'
import { viewOf } from '@/features/views/views'
import { usePref } from '@/lib/usePref'
import { Splitter } from '@/ui/Splitter'
import classes from './TicketsPage.module.css'

/** The list of tickets, and beside it the one that is open. The address says which. */
export function TicketsPage() {
  const { t } = useTranslation()
  const navigate = useNavigate()
  const search = useSearch({ from: '/tickets' })
  const { number } = useParams({ strict: false })
  const view = viewOf(search.view)
  const [width, setWidth] = usePref('listWidth')
  const kept = { view: search.view, q: search.q }
  return (
    <div className={classes.panes}>
      <section className={classes.list} style={{ width }} aria-label={t(`view.${view}`)}>
        <header className={classes.head}>
          <h2 className={classes.title}>{search.q ? t('search.title') : t(`view.${view}`)}</h2>
          <SearchField
            value={search.q ?? ''}
            onChange={(q) => void navigate({ to: '.', search: { ...search, q }, replace: true })}
          />
        </header>
        <TicketList
          key={`${view} ${search.q ?? ''}`}
          filter={search.q ? { view: 'all', q: search.q } : { view }}
          selected={number === undefined ? undefined : Number(number)}
          onSelect={(next) =>
            void navigate({
              to: '/tickets/$number',
              params: { number: String(next) },
              search: kept,
              replace: number !== undefined,
            })
          }
          onEnter={() => document.getElementById('ticket-title')?.focus()}
          link={(row, className, content) => (
            <Link
              to="/tickets/$number"
              params={{ number: String(row.number) }}
              search={kept}
              className={className}
              aria-current={String(row.number) === number ? 'true' : undefined}
              activeProps={{}}
            >
              {content}
            </Link>
          )}
        />
      </section>
      <Splitter label={t('pane.list')} value={width} min={260} max={560} grows="before" onChange={setWidth} />
      <main className={classes.ticket}>
        <Outlet />
      </main>
    </div>
  )
}
