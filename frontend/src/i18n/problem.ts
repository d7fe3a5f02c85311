import i18next from 'i18next'

/** What an error of the desk is made of, as far as words are concerned. */
type Problem = { code: string; message: string; hint?: string }

function isProblem(error: unknown): error is Problem {
  return error instanceof Error && 'code' in error && typeof error.code === 'string'
}

function sentence(text: string): string {
  const capital = text.charAt(0).toLocaleUpperCase() + text.slice(1)
  return /[.!?…]$/.test(capital) ? capital : `${capital}.`
}

/** What happened and what to do: in our words where the code is known, else in the server's own. */
export function problemWords(error: unknown): string {
  if (!isProblem(error)) return error instanceof Error ? error.message : String(error)
  const key = `problem.${error.code}`
  if (i18next.exists(key)) return i18next.t(key as never)
  return [error.message, error.hint]
    .filter(Boolean)
    .map((text) => sentence(text ?? ''))
    .join(' ')
}
