/** The pages of the settings, in the order of their menu. */
export const sections = ['appearance', 'mailboxes', 'sides', 'agents', 'tokens'] as const

export type Section = (typeof sections)[number]

export function sectionOf(name: string | undefined): Section {
  return sections.find((section) => section === name) ?? 'appearance'
}
