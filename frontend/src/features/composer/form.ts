import { newId } from '@/lib/ids'
import type { Chip, Lines } from './recipients'
import { everyone, headcount } from './recipients'

/** A file that the desk holds and that the message will carry. */
export type Held = { id: string; name: string; type: string; size: number }

/**
 * What a person has put into a composer. `id` becomes the message's own id and is kept with the draft, so that a
 * request that is repeated after a crash or a lost answer makes one message at most.
 */
export type Form = Lines & {
  id: string
  /** The id of the side conversation that a new one will have. */
  side: string
  subject: string
  html: string
  files: Held[]
  signature: boolean
  /** The newest message that stood there when the writing began. */
  seen: number
}

export type Start = Partial<Lines> & { subject?: string; seen?: number }

export function blank(start: Start = {}): Form {
  return {
    id: newId(),
    side: newId(),
    to: start.to ?? [],
    cc: start.cc ?? [],
    bcc: start.bcc ?? [],
    subject: start.subject ?? '',
    html: '',
    files: [],
    signature: true,
    seen: start.seen ?? 0,
  }
}

/** Are there any words in this HTML? */
export function hasWords(html: string): boolean {
  return html.replace(/<[^>]*>|&nbsp;/g, '').trim() !== ''
}

/** Is there anything that somebody would miss? */
export function worthKeeping(form: Form, start: Start): boolean {
  const people = (lines: Partial<Lines>) =>
    everyone({ to: lines.to ?? [], cc: lines.cc ?? [], bcc: lines.bcc ?? [] })
      .map(({ email }) => email)
      .sort()
      .join()
  return (
    hasWords(form.html) ||
    form.files.length > 0 ||
    form.subject.trim() !== (start.subject ?? '') ||
    people(form) !== people(start)
  )
}

function chips(value: unknown): Chip[] {
  if (!Array.isArray(value)) return []
  return value.flatMap((one) =>
    typeof one?.email === 'string'
      ? [{ name: String(one.name ?? ''), email: one.email, valid: one.valid !== false }]
      : [],
  )
}

function held(value: unknown): Held[] {
  if (!Array.isArray(value)) return []
  return value.flatMap((one) =>
    typeof one?.id === 'string'
      ? [
          {
            id: one.id,
            name: String(one.name ?? ''),
            type: String(one.type ?? ''),
            size: Number(one.size) || 0,
          },
        ]
      : [],
  )
}

/** Reads a draft as the desk kept it. It may be of an older version of this page, so nothing is taken for granted. */
export function readForm(body: Record<string, unknown>): Form {
  const text = (value: unknown, otherwise: string) => (typeof value === 'string' ? value : otherwise)
  return {
    id: text(body.id, newId()),
    side: text(body.side, newId()),
    to: chips(body.to),
    cc: chips(body.cc),
    bcc: chips(body.bcc),
    subject: text(body.subject, ''),
    html: text(body.html, ''),
    files: held(body.files),
    signature: body.signature !== false,
    seen: Number(body.seen) || 0,
  }
}

export type Limits = { people: number; outside: number }

export type Faults = {
  people?: 'nobody' | 'malformed' | 'many' | 'outside'
  subject?: 'missing'
  text?: 'empty'
}

/** What keeps a form from being sent. The desk asks the same questions again. */
export function faults(
  form: Form,
  needs: { people: boolean; subject: boolean },
  limits?: Limits,
  agents?: readonly string[],
): Faults {
  const found: Faults = {}
  if (needs.people) {
    const all = everyone(form)
    const count = headcount(form, agents ?? [])
    if (all.some(({ valid }) => !valid)) found.people = 'malformed'
    else if (all.length === 0) found.people = 'nobody'
    else if (limits && count.people > limits.people) found.people = 'many'
    else if (limits && agents && count.outside > limits.outside) found.people = 'outside'
  }
  if (needs.subject && form.subject.trim() === '') found.subject = 'missing'
  if (!hasWords(form.html) && form.files.length === 0) found.text = 'empty'
  return found
}

/** The words as they leave: with the signature, where it was not taken away. */
export function outgoing(form: Form, signature: string): string {
  return form.signature && hasWords(signature) ? `${form.html}<p></p>${signature}` : form.html
}
