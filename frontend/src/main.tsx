import { StrictMode } from 'react'
import { createRoot } from 'react-dom/client'
import { openOutside } from '@/api/shell'
import { App } from '@/app/App'
import { startWords } from '@/i18n/i18n'
import { guardBodies } from '@/lib/guards'
import { catchLinks } from '@/lib/links'
import '@/theme/index.css'

guardBodies(globalThis)
catchLinks(document, openOutside)
await startWords()

const root = document.getElementById('root')
if (root) {
  createRoot(root).render(
    <StrictMode>
      <App />
    </StrictMode>,
  )
}
