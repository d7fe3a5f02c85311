/** Crockford's base 32 in lower case: no i, l, o or u, so that a code can be read out. */
const alphabet = '0123456789abcdefghjkmnpqrstvwxyz'

/** An id made here, so that a request may be repeated without acting twice: 26 characters, 130 random bits. */
export function newId(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(26))
  return Array.from(bytes, (byte) => alphabet[byte & 31]).join('')
}
