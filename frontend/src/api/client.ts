import createClient from 'openapi-fetch'
import type { paths } from './schema.gen'

/** No request waits longer than this for its answer. The feed's own limit is shorter. */
const patience = 120_000

/**
 * Why the desk did not do what was asked. `code` is stable and is what the page translates; `message` is the
 * server's own sentence. A desk that gave no answer at all has the code `unreachable` and the status 0.
 */
export class ApiError extends Error {
  override readonly name = 'ApiError'
  readonly status: number
  readonly code: string
  readonly field?: string
  readonly hint?: string

  constructor(status: number, code: string, message: string, more: { field?: string; hint?: string } = {}) {
    super(message)
    this.status = status
    this.code = code
    this.field = more.field
    this.hint = more.hint
  }
}

export function isCode(error: unknown, code: string): boolean {
  return error instanceof ApiError && error.code === code
}

/** Another's wish to stop and our own patience, as one signal: AbortSignal.any is too young for our browsers. */
async function patiently(request: Request): Promise<Response> {
  const stop = new AbortController()
  const timer = setTimeout(() => stop.abort(), patience)
  const given = () => stop.abort(request.signal.reason)
  if (request.signal.aborted) given()
  request.signal.addEventListener('abort', given)
  try {
    return await globalThis.fetch(request, { signal: stop.signal })
  } finally {
    clearTimeout(timer)
    request.signal.removeEventListener('abort', given)
  }
}

/** The desk's API, typed from its own document. Always go through `ask`, which knows how it fails. */
export const desk = createClient<paths>({ baseUrl: globalThis.location?.origin ?? '', fetch: patiently })

type Answer<T> = { data?: T; error?: unknown; response: Response }

function text(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined
}

/** Reads a problem document of RFC 9457; anything else becomes an error by its status alone. */
export function problem(status: number, body: unknown): ApiError {
  const fields: Record<string, unknown> = typeof body === 'object' && body !== null ? { ...body } : {}
  const message = text(fields.title) ?? text(fields.detail) ?? `HTTP ${status}`
  const code = text(fields.code) ?? (status === 401 ? 'login_needed' : `http_${status}`)
  return new ApiError(status, code, message, { field: text(fields.field), hint: text(fields.hint) })
}

function unreachable(cause: unknown): unknown {
  const aborted = cause instanceof DOMException && cause.name === 'AbortError'
  if (aborted) return cause
  return new ApiError(0, 'unreachable', cause instanceof Error ? cause.message : String(cause))
}

/** The data of an answer, or an ApiError. An aborted request stays an AbortError. */
export async function ask<T>(asked: Promise<Answer<T>>): Promise<T> {
  let answer: Answer<T>
  try {
    answer = await asked
  } catch (cause) {
    throw unreachable(cause)
  }
  if (!answer.response.ok) throw problem(answer.response.status, answer.error)
  return answer.data as T
}
