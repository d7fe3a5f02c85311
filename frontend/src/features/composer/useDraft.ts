import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useEffect, useRef, useState } from 'react'
import { draftsQuery } from '@/api/queries'
import { dropDraft, keepDraft, listen } from './drafts'
import { blank, type Form, readForm, type Start, worthKeeping } from './form'

const quiet = 700
const later = 5_000

export type Keeping = 'untouched' | 'waiting' | 'kept' | 'failed'

/**
 * The form of one composer, kept on the desk while it is written. Typing never waits: the page's own copy is what
 * counts, and the desk's follows it.
 */
export function useDraft(composer: string, start: Start) {
  const queries = useQueryClient()
  const kept = useQuery(draftsQuery())
  const [form, setForm] = useState<Form>(() => blank(start))
  const [revision, setRevision] = useState(0)
  const [keeping, setKeeping] = useState<Keeping>('untouched')
  const touched = useRef(false)
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined)
  const latest = useRef({ form, start, composer })
  latest.current = { form: latest.current.form, start, composer }

  const put = (next: Form) => {
    latest.current.form = next
    setForm(next)
  }
  const replace = (next: Form) => {
    put(next)
    setRevision((n) => n + 1)
  }

  const save = async () => {
    clearTimeout(timer.current)
    timer.current = undefined
    const { form: now, start: from, composer: name } = latest.current
    try {
      if (worthKeeping(now, from)) await keepDraft(queries, name, now)
      else await dropDraft(queries, name)
      if (!timer.current) setKeeping('kept')
    } catch {
      setKeeping('failed')
      timer.current ??= setTimeout(save, later)
    }
  }
  const saveLatest = useRef(save)
  saveLatest.current = save

  const edit = (patch: Partial<Form>) => {
    touched.current = true
    put({ ...latest.current.form, ...patch })
    setKeeping('waiting')
    clearTimeout(timer.current)
    timer.current = setTimeout(() => void saveLatest.current(), quiet)
  }

  /** The words have left or are not wanted: an empty form with an id of its own. */
  const clear = () => {
    clearTimeout(timer.current)
    timer.current = undefined
    touched.current = false
    replace(blank(latest.current.start))
    setKeeping('untouched')
    void dropDraft(queries, composer).catch(() => {})
  }

  // A draft arrives from the desk, once, and never over what was typed meanwhile.
  const arrived = kept.data?.drafts.find((draft) => draft.composer === composer)
  const restored = useRef(false)
  useEffect(() => {
    if (!arrived || touched.current || restored.current) return
    restored.current = true
    const form = readForm(arrived.body)
    latest.current.form = form
    setForm(form)
    setRevision((n) => n + 1)
    setKeeping('kept')
  }, [arrived])

  // The outside systems are the composers' register and the page's own end: what is typed is kept when either goes.
  useEffect(() => {
    const stop = listen(composer, (words) => {
      touched.current = true
      latest.current.form = words
      setForm(words)
      setRevision((n) => n + 1)
      void saveLatest.current()
    })
    const leave = () => {
      if (timer.current) void saveLatest.current()
    }
    window.addEventListener('pagehide', leave)
    return () => {
      stop()
      window.removeEventListener('pagehide', leave)
      leave()
      clearTimeout(timer.current)
    }
  }, [composer])

  const changed = worthKeeping(form, start)
  // Nobody has changed the people here, so they follow the conversation.
  const shown =
    touched.current || restored.current ? form : { ...form, ...people(start), seen: start.seen ?? 0 }
  latest.current.form = shown
  return { form: shown, revision, edit, clear, keeping, changed }
}

function people(start: Start) {
  return { to: start.to ?? [], cc: start.cc ?? [], bcc: start.bcc ?? [] }
}

export type DraftState = ReturnType<typeof useDraft>
