import { useEffect, useRef, useState } from 'react'
import { ask, desk } from '@/api/client'
import { putBytes } from '@/api/uploads'
import { newId } from '@/lib/ids'
import type { Held } from './form'
import { type UploadDoor, upload } from './uploads'

/** A file on its way to the desk. One that has arrived is in the form and no longer here. */
export type Travelling = { id: string; name: string; size: number; sent: number; error?: string }

type Going = Travelling & { file: File; stop: AbortController }

function door(going: Going): UploadDoor {
  const path = { id: going.id }
  const { name, size } = going
  const type = going.file.type || 'application/octet-stream'
  return {
    announce: () => ask(desk.POST('/api/uploads', { body: { id: going.id, name, type, size } })),
    held: () => ask(desk.GET('/api/uploads/{id}', { params: { path } })),
    put: (offset, bytes) => putBytes(going.id, offset, bytes, going.stop.signal),
  }
}

/** Files that are being attached: with progress, and each can be tried again or taken away. */
export function useFiles(arrived: (file: Held) => void) {
  const [going, setGoing] = useState<Going[]>([])
  const all = useRef(going)
  all.current = going
  const tell = useRef(arrived)
  tell.current = arrived

  const patch = (id: string, change: Partial<Going>) =>
    setGoing((list) => list.map((one) => (one.id === id ? { ...one, ...change } : one)))
  const forget = (id: string) => setGoing((list) => list.filter((one) => one.id !== id))

  const send = async (one: Going) => {
    try {
      await upload(one.file, door(one), (sent) => patch(one.id, { sent }), one.stop.signal)
      forget(one.id)
      tell.current({ id: one.id, name: one.name, type: one.file.type, size: one.size })
    } catch (error) {
      if (!one.stop.signal.aborted)
        patch(one.id, { error: error instanceof Error ? error.message : String(error) })
    }
  }

  const add = (files: Iterable<File>) => {
    const fresh = [...files].map((file) => ({
      id: newId(),
      name: file.name || 'image.png',
      size: file.size,
      sent: 0,
      file,
      stop: new AbortController(),
    }))
    setGoing((list) => [...list, ...fresh])
    for (const one of fresh) void send(one)
  }
  const retry = (id: string) => {
    const one = all.current.find((other) => other.id === id)
    if (!one) return
    patch(id, { error: undefined })
    void send(one)
  }
  const remove = (id: string) => {
    all.current.find((one) => one.id === id)?.stop.abort()
    forget(id)
  }

  // The outside system is the network: nothing travels for a composer that is gone.
  useEffect(
    () => () => {
      for (const one of all.current) one.stop.abort()
    },
    [],
  )
  return { going: going as Travelling[], add, retry, remove }
}

export type Files = ReturnType<typeof useFiles>
