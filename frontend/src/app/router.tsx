import {
  createHashHistory,
  createRootRoute,
  createRoute,
  createRouter,
  lazyRouteComponent,
  redirect,
} from '@tanstack/react-router'
import { ErrorPage } from './ErrorPage'
import { NotFoundPage } from './NotFoundPage'
import { NoTicket } from './pages/NoTicket'
import { TicketPage } from './pages/TicketPage'
import { TicketsPage } from './pages/TicketsPage'
import { Shell } from './shell/Shell'

const text = (value: unknown) => (typeof value === 'string' && value !== '' ? value : undefined)

const root = createRootRoute({ component: Shell, notFoundComponent: NotFoundPage, errorComponent: ErrorPage })

const home = createRoute({
  getParentRoute: () => root,
  path: '/',
  beforeLoad: () => {
    throw redirect({ to: '/tickets' })
  },
})

const tickets = createRoute({
  getParentRoute: () => root,
  path: '/tickets',
  component: TicketsPage,
  validateSearch: (search: Record<string, unknown>): { view?: string; q?: string; side?: string } => ({
    view: text(search.view),
    q: text(search.q),
    side: text(search.side),
  }),
})

const noTicket = createRoute({ getParentRoute: () => tickets, path: '/', component: NoTicket })

const ticket = createRoute({ getParentRoute: () => tickets, path: '$number', component: TicketPage })

const settings = createRoute({
  getParentRoute: () => root,
  path: '/settings',
  component: lazyRouteComponent(() => import('./pages/SettingsPage'), 'SettingsPage'),
  validateSearch: (search: Record<string, unknown>): { section?: string } => ({
    section: text(search.section),
  }),
})

const quarantine = createRoute({
  getParentRoute: () => root,
  path: '/quarantine',
  component: lazyRouteComponent(() => import('./pages/QuarantinePage'), 'QuarantinePage'),
})

const routeTree = root.addChildren([home, tickets.addChildren([noTicket, ticket]), quarantine, settings])

export const router = createRouter({
  routeTree,
  history: createHashHistory(),
  // Ids are opaque text: "42" in an address must never turn into a number.
  parseSearch: (search) => Object.fromEntries(new URLSearchParams(search)),
  stringifySearch: (search) => {
    const entries = Object.entries(search).filter(([, value]) => value !== undefined && value !== '')
    const query = new URLSearchParams(entries.map(([key, value]) => [key, String(value)])).toString()
    return query && `?${query}`
  },
  defaultErrorComponent: ErrorPage,
})

declare module '@tanstack/react-router' {
  interface Register {
    router: typeof router
  }
}
