type Person = { name?: string; email: string }

/** The words of a message that was taken back, on their way to a composer. */
export type Recalled = {
  conversation: string
  html: string
  to: Person[]
  cc: Person[]
  bcc: Person[]
  attachments: { id: string; name: string; type: string; size: number }[]
}

type Listener = (words: Recalled) => void

const listeners = new Set<Listener>()

/** Tells composers that a message came back: whoever shows messages and whoever writes them do not know each other. */
export function announceRecall(words: Recalled): void {
  for (const listener of listeners) listener(words)
}

export function onRecall(listener: Listener): () => void {
  listeners.add(listener)
  return () => listeners.delete(listener)
}
