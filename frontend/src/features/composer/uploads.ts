/** How many bytes travel in one request: WebKit wants plain buffers, and a broken line should cost little. */
export const sliceSize = 2 * 1024 * 1024

const tries = 4

export type Progress = { offset: number; complete: boolean }

/** The three calls of an upload. `announce` may be repeated; it answers how far the file has come. */
export type UploadDoor = {
  announce(): Promise<Progress>
  held(): Promise<Progress>
  put(offset: number, bytes: ArrayBuffer): Promise<Progress>
}

type Sliceable = { size: number; slice(from: number, to: number): { arrayBuffer(): Promise<ArrayBuffer> } }

/** Can asking again help? A refusal with a reason stays a refusal; a broken line does not. */
function final(error: unknown): boolean {
  const status = (error as { status?: number } | null)?.status ?? 0
  return status >= 400 && status < 500 && status !== 409 && status !== 429
}

/**
 * Sends a file in slices, one after the other, and goes on from what the desk holds: after a broken line it asks,
 * it never guesses. Gives up after four failures in a row without progress; calling it again goes on.
 */
export async function upload(
  file: Sliceable,
  door: UploadDoor,
  report: (sent: number) => void,
  signal: AbortSignal,
  pause: (attempt: number) => Promise<void> = wait,
): Promise<void> {
  let at: Progress | undefined
  let failures = 0
  while (!at?.complete) {
    signal.throwIfAborted()
    try {
      at ??= await (failures === 0 ? door.announce() : resume(door))
      report(at.offset)
      if (at.complete) return
      const bytes = await file.slice(at.offset, at.offset + sliceSize).arrayBuffer()
      signal.throwIfAborted()
      at = await door.put(at.offset, bytes)
      failures = 0
      report(at.offset)
    } catch (error) {
      failures++
      if (signal.aborted || final(error) || failures >= tries) throw error
      at = undefined
      await pause(failures)
    }
  }
}

/** The desk may not have heard the first word either. */
async function resume(door: UploadDoor): Promise<Progress> {
  try {
    return await door.held()
  } catch (error) {
    if ((error as { status?: number } | null)?.status !== 404) throw error
    return door.announce()
  }
}

function wait(attempt: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, 400 * 2 ** attempt))
}
