import { VisuallyHidden } from '@mantine/core'
import { useRouterState } from '@tanstack/react-router'
import { useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'

const settled = 150

/**
 * Says where one is after a change of place, as a page load would: a reader of screens hears the new title,
 * and the window is named by it. The focus stays in the list, so that J and K go on.
 */
export function Announcer() {
  const { t } = useTranslation()
  const place = useRouterState({ select: (state) => state.location.pathname })
  const [said, setSaid] = useState('')
  // The outside system is the document: its heading is drawn by then, its title is ours to set.
  // biome-ignore lint/correctness/useExhaustiveDependencies: a new place is what this waits for.
  useEffect(() => {
    const timer = setTimeout(() => {
      const heading = document.querySelector('main h1')?.textContent ?? t('app.name')
      document.title = heading === t('app.name') ? heading : `${heading} · ${t('app.name')}`
      setSaid(heading)
    }, settled)
    return () => clearTimeout(timer)
  }, [place, t])
  return (
    <VisuallyHidden role="status" aria-live="polite">
      {said}
    </VisuallyHidden>
  )
}
