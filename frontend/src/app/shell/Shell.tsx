import { useMediaQuery } from '@mantine/hooks'
import { useQuery } from '@tanstack/react-query'
import { Outlet } from '@tanstack/react-router'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { meQuery, viewsQuery } from '@/api/queries'
import type { ViewId } from '@/features/views/views'
import { useShortcut } from '@/lib/shortcuts'
import { usePref } from '@/lib/usePref'
import { Gate } from '../Gate'
import { Announcer } from './Announcer'
import { Banner } from './Banner'
import { Keys } from './Keys'
import { Nav } from './Nav'
import { Notices } from './Notices'
import { Palette } from './Palette'
import classes from './Shell.module.css'

/** The frame around every page, for whoever was let in. */
export function Shell() {
  return (
    <Gate>
      <Frame />
    </Gate>
  )
}

function Frame() {
  const { t } = useTranslation()
  const [nav, setNav] = usePref('nav')
  const [keys, setKeys] = useState(false)
  const roomy = useMediaQuery('(min-width: 1500px)', true, { getInitialValueInEffect: false })
  const wide = nav === 'auto' ? roomy : nav === 'wide'
  const views = useQuery(viewsQuery())
  const me = useQuery(meQuery())
  const counts = Object.fromEntries(views.data?.views.map(({ view, count }) => [view, count]) ?? [])
  useShortcut('keys.open', () => setKeys(true))
  return (
    <div className={classes.frame} data-nav={wide ? 'wide' : 'narrow'}>
      <button type="button" className={classes.skip} onClick={skip}>
        {t('nav.skip')}
      </button>
      <Nav
        wide={wide}
        counts={counts as Partial<Record<ViewId, number>>}
        quarantine={views.data?.quarantine}
        stage={me.data?.stage}
        agent={me.data?.mode === 'serve' ? me.data.agent : undefined}
        onToggle={() => setNav(wide ? 'narrow' : 'wide')}
      />
      <div className={classes.page}>
        <Banner />
        <Outlet />
      </div>
      <Announcer />
      <Notices />
      <Palette onKeys={() => setKeys(true)} />
      <Keys opened={keys} onClose={() => setKeys(false)} />
    </div>
  )
}

/** The address belongs to the routes, so the jump over the navigation is made by focus. */
function skip(): void {
  document.querySelector<HTMLElement>('main [tabindex="-1"], main a, main input')?.focus()
}
