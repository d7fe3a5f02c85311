export type Language = 'en' | 'fr'
export type Locale = { language: Language; tag: string }

function canonical(tag: string): string | null {
  try {
    return Intl.getCanonicalLocales(tag.split('.')[0]?.replace('_', '-') ?? '')[0] ?? null
  } catch {
    // WebKit reports "C" under LANG=C, which Intl refuses by throwing.
    return null
  }
}

/**
 * Chooses one of our languages and a locale tag that Intl accepts.
 * A chosen language wins; else the first wanted tag that we speak; else English.
 */
export function pickLocale(chosen: string, wanted: readonly string[]): Locale {
  const tags = wanted.map(canonical).filter((tag) => tag !== null)
  const speaks = (language: string) => tags.find((tag) => tag.split('-')[0] === language)
  if (chosen === 'en' || chosen === 'fr') return { language: chosen, tag: speaks(chosen) ?? chosen }
  for (const tag of tags) {
    const language = tag.split('-')[0]
    if (language === 'en' || language === 'fr') return { language, tag }
  }
  return { language: 'en', tag: 'en' }
}
