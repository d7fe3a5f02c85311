import { MantineProvider } from '@mantine/core'
import { QueryClient, QueryClientProvider } from '@tanstack/react-query'
import { render as mount } from '@testing-library/react'
import userEvent from '@testing-library/user-event'
import type { ReactElement } from 'react'
import { cssVariablesResolver, theme } from '@/theme/theme'

/** Mounts a component with what every component may rely on: theme, words, a cache that holds what is known, a person at the keys. */
export function render(ui: ReactElement, known: (queries: QueryClient) => void = () => {}) {
  const queries = new QueryClient({ defaultOptions: { queries: { retry: false, networkMode: 'always' } } })
  known(queries)
  const person = userEvent.setup()
  const mounted = mount(
    <QueryClientProvider client={queries}>
      <MantineProvider theme={theme} cssVariablesResolver={cssVariablesResolver} env="test">
        {ui}
      </MantineProvider>
    </QueryClientProvider>,
  )
  return { ...mounted, person, queries }
}
