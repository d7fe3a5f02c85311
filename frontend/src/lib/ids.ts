/** An id made here, so that a request may be repeated without acting twice. */
export function newId(): string {
  return crypto.randomUUID()
}
