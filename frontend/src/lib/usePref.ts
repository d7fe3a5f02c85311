import { useState } from 'react'
import { type Prefs, readPref, writePref } from './prefs'

/** A view preference as state: it is remembered as it changes. */
export function usePref<K extends keyof Prefs>(key: K): [Prefs[K], (value: Prefs[K]) => void] {
  const [value, setValue] = useState(() => readPref(key))
  return [
    value,
    (next) => {
      setValue(next)
      writePref(key, next)
    },
  ]
}
