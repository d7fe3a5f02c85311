import { useQuery } from '@tanstack/react-query'
import { agentsQuery, meQuery, settingsQuery } from '@/api/queries'

/** What every composer wants to know of the desk. None of it is waited for. */
export function useComposerData() {
  const me = useQuery(meQuery())
  const settings = useQuery(settingsQuery())
  const agents = useQuery(agentsQuery())
  return {
    signature: me.data?.agent.signature ?? '',
    limits: settings.data && {
      people: settings.data.max_recipients,
      outside: settings.data.max_outside_recipients,
    },
    agents: agents.data?.agents.map(({ email }) => email),
  }
}
