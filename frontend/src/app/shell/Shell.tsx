import { useMediaQuery } from '@mantine/hooks'
import { Outlet } from '@tanstack/react-router'
import { usePref } from '@/lib/usePref'
import { Nav } from './Nav'
import classes from './Shell.module.css'

/** The frame around every page: navigation on the left, the page beside it. */
export function Shell() {
  const [nav, setNav] = usePref('nav')
  const roomy = useMediaQuery('(min-width: 1500px)', true, { getInitialValueInEffect: false })
  const wide = nav === 'auto' ? roomy : nav === 'wide'
  return (
    <div className={classes.frame} data-nav={wide ? 'wide' : 'narrow'}>
      <Nav wide={wide} onToggle={() => setNav(wide ? 'narrow' : 'wide')} />
      <div className={classes.page}>
        <Outlet />
      </div>
    </div>
  )
}
