import i18next from 'i18next'
import { initReactI18next } from 'react-i18next'
import { type Locale, pickLocale } from '@/lib/locale'
import { readPref, writePref } from '@/lib/prefs'
import en from './en.json'

declare module 'i18next' {
  interface CustomTypeOptions {
    defaultNS: 'translation'
    resources: { translation: typeof en }
    keySeparator: false
    nsSeparator: false
    returnNull: false
  }
}

let locale: Locale = { language: 'en', tag: 'en' }

/** The tag for everything that Intl writes: dates, numbers, lists. */
export function localeTag(): string {
  return locale.tag
}

async function load(next: Locale): Promise<void> {
  if (next.language === 'fr' && !i18next.hasResourceBundle('fr', 'translation')) {
    const words = await import('./fr.json')
    i18next.addResourceBundle('fr', 'translation', words.default)
  }
  locale = next
  document.documentElement.lang = next.language
  await i18next.changeLanguage(next.language)
}

/** Starts the words of the interface. The language in use is the agent's own choice, else the system's. */
export async function startWords(): Promise<void> {
  await i18next.use(initReactI18next).init({
    resources: { en: { translation: en } },
    lng: 'en',
    fallbackLng: 'en',
    keySeparator: false,
    nsSeparator: false,
    returnNull: false,
    interpolation: { escapeValue: false },
  })
  await load(pickLocale(readPref('language'), navigator.languages))
}

export async function chooseLanguage(chosen: 'en' | 'fr' | 'auto'): Promise<void> {
  writePref('language', chosen)
  await load(pickLocale(chosen, navigator.languages))
}
