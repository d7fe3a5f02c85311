/** The built-in ways to look at the desk's tickets, in the order in which they are shown. */
export const views = ['mine', 'unassigned', 'unsolved', 'attention', 'solved', 'all'] as const

export type ViewId = (typeof views)[number]

export function viewOf(name: string | undefined): ViewId {
  return views.find((view) => view === name) ?? 'unsolved'
}
