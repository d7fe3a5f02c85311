export type TicketFilter = { view?: string; q?: string }

/** Every key of the cache. Nothing outside this file writes one by hand. */
export const keys = {
  me: ['me'],
  views: ['views'],
  lists: ['tickets'],
  list: (filter: TicketFilter) => ['tickets', filter],
  tickets: ['ticket'],
  ticket: (number: number) => ['ticket', number],
  timelines: ['timeline'],
  timeline: (number: number) => ['timeline', number],
  files: (number: number) => ['files', number],
  allMessages: ['messages'],
  messages: (conversation: string) => ['messages', conversation],
  sides: ['sides'],
  drafts: ['drafts'],
  contacts: (q: string) => ['contacts', q],
  agents: ['agents'],
  settings: ['settings'],
  mailboxes: ['mailboxes'],
  tokens: ['tokens'],
  quarantine: ['quarantine'],
} as const
