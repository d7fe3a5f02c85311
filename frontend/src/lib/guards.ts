const refusal = 'A request body must be text or an ArrayBuffer: a Blob ends the desktop window’s process.'

function holdsBlob(body: unknown): boolean {
  if (body instanceof Blob) return true
  if (body instanceof FormData) return [...body.values()].some((value) => value instanceof Blob)
  return body instanceof ReadableStream
}

type Doors = Pick<typeof globalThis, 'fetch'> & {
  XMLHttpRequest: typeof XMLHttpRequest
  navigator: Navigator
}

/**
 * Closes the three doors through which a Blob could become a request body. WebKitGTK crashes on such a
 * body before any of our code sees it, and on macOS the body arrives empty, so it fails here and loudly.
 */
export function guardBodies(doors: Doors): void {
  const { fetch } = doors
  doors.fetch = (input, init) =>
    holdsBlob(init?.body) ? Promise.reject(new TypeError(refusal)) : fetch.call(globalThis, input, init)

  const send = doors.XMLHttpRequest.prototype.send
  doors.XMLHttpRequest.prototype.send = function guarded(body) {
    if (holdsBlob(body)) throw new TypeError(refusal)
    send.call(this, body)
  }

  const beacon = doors.navigator.sendBeacon?.bind(doors.navigator)
  doors.navigator.sendBeacon = (url, data) => {
    if (holdsBlob(data)) throw new TypeError(refusal)
    return beacon?.(url, data) ?? false
  }
}
