import { ApiError, problem } from './client'
import type { Upload } from './types'

/** Puts one slice of a file at its place. The body is a plain buffer: nothing else is safe in the window. */
export async function putBytes(
  id: string,
  offset: number,
  bytes: ArrayBuffer,
  signal: AbortSignal,
): Promise<Upload> {
  let answer: Response
  try {
    answer = await fetch(`/api/uploads/${encodeURIComponent(id)}?offset=${offset}`, {
      method: 'PUT',
      headers: { 'content-type': 'application/octet-stream' },
      body: bytes,
      signal,
    })
  } catch (cause) {
    signal.throwIfAborted()
    throw new ApiError(0, 'unreachable', cause instanceof Error ? cause.message : String(cause))
  }
  const body: unknown = await answer.json().catch(() => null)
  if (!answer.ok) throw problem(answer.status, body)
  return body as Upload
}
