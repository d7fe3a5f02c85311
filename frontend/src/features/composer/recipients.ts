/** Somebody on a line of recipients. A chip that is not valid keeps what was typed, so that it can be mended. */
export type Chip = { name: string; email: string; valid: boolean }

export type Line = 'to' | 'cc' | 'bcc'

export type Lines = Record<Line, Chip[]>

const longest = { local: 64, whole: 254 }

/** Would a mail server take this address? The desk asks the same questions again. */
export function isAddress(text: string): boolean {
  const at = text.lastIndexOf('@')
  const [local, domain] = [text.slice(0, at), text.slice(at + 1)]
  if (at < 1 || domain === '' || local.length > longest.local || text.length > longest.whole) return false
  if (/[\s<>()[\]\\,;:"\p{Cc}]/u.test(text) || local.includes('@')) return false
  if (/^\.|\.$|\.\./.test(local) || /^[.-]|[.-]$|\.\./.test(domain)) return false
  return domain.includes('.') || domain === 'localhost'
}

/** Cuts a pasted list at commas, semicolons, tabs and line ends, but not inside quotes, brackets or comments. */
function pieces(text: string): string[] {
  const found: string[] = []
  let piece = ''
  let closer = ''
  for (const letter of text) {
    if (closer) closer = letter === closer ? '' : closer
    else if (letter === '"') closer = '"'
    else if (letter === '<') closer = '>'
    else if (letter === '(') closer = ')'
    if (!closer && /[,;\t\r\n]/.test(letter)) {
      found.push(piece)
      piece = ''
    } else piece += letter
  }
  // A quote that never closes must not swallow the rest of the list.
  if (closer && /[,;\n]/.test(piece)) found.push(...piece.split(/[,;\t\r\n]/))
  else found.push(piece)
  return found.map((one) => one.trim()).filter((one) => one !== '')
}

function chip(text: string): Chip {
  const bracketed = /^(.*?)<\s*(?:mailto:)?([^<>]*?)\s*>$/su.exec(text)
  const commented = /^(\S+@\S+)\s*\((.*)\)$/su.exec(text)
  const [name, email] = bracketed
    ? [bracketed[1] ?? '', bracketed[2] ?? '']
    : commented
      ? [commented[2] ?? '', commented[1] ?? '']
      : ['', text.replace(/^mailto:/i, '')]
  if (!isAddress(email)) return { name: '', email: text, valid: false }
  const bare = name.trim().replace(/^(["'])(.*)\1$/su, '$2')
  return { name: bare.replace(/\\(.)/gsu, '$1').trim(), email, valid: true }
}

/** Reads what was typed or pasted into a line: one address, or a list as mail clients and spreadsheets write it. */
export function parsePeople(text: string): Chip[] {
  return pieces(text).flatMap((piece) => {
    const words = piece.split(/\s+/)
    return words.length > 1 && words.every(isAddress) ? words.map(chip) : [chip(piece)]
  })
}

/** Two addresses are the same person if they differ in case only. */
export function sameAddress(a: string, b: string): boolean {
  return a.trim().toLowerCase() === b.trim().toLowerCase()
}

/** A line with more people on it; whoever is already there stays where they are. */
export function addPeople(line: Chip[], more: Chip[]): Chip[] {
  return more.reduce(
    (all, one) => (all.some((other) => sameAddress(other.email, one.email)) ? all : all.concat(one)),
    line,
  )
}

export function everyone(lines: Lines): Chip[] {
  return [...lines.to, ...lines.cc, ...lines.bcc]
}

/** How many people a message goes to, each counted once, and how many of them are not agents of the desk. */
export function headcount(lines: Lines, agents: readonly string[]): { people: number; outside: number } {
  const inside = new Set(agents.map((email) => email.toLowerCase()))
  const people = new Set(everyone(lines).map(({ email }) => email.toLowerCase()))
  const outside = [...people].filter((email) => !inside.has(email))
  return { people: people.size, outside: outside.length }
}

/** What the API takes of a line. */
export function toPeople(line: Chip[]): { name?: string; email: string }[] {
  return line.map(({ name, email }) => (name ? { name, email } : { email }))
}
