import { CloseButton, TextInput } from '@mantine/core'
import { useDebouncedCallback } from '@mantine/hooks'
import { IconSearch } from '@tabler/icons-react'
import { useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useShortcut } from '@/lib/shortcuts'

type Props = { value: string; onChange: (q: string) => void }

/** Looks for a number, a subject or a person, while one types. */
export function SearchField({ value, onChange }: Props) {
  const { t } = useTranslation()
  const field = useRef<HTMLInputElement>(null)
  const [typed, setTyped] = useState(value)
  const [shown, setShown] = useState(value)
  const tell = useDebouncedCallback(onChange, 250)
  if (value !== shown) {
    setShown(value)
    if (value !== typed.trim()) setTyped(value)
  }
  useShortcut('search.focus', () => {
    field.current?.focus()
    field.current?.select()
  })
  const change = (text: string) => {
    setTyped(text)
    tell(text.trim())
  }
  return (
    <TextInput
      ref={field}
      size="xs"
      aria-label={t('search.label')}
      placeholder={t('search.placeholder')}
      leftSection={<IconSearch size={14} aria-hidden />}
      rightSection={
        typed && <CloseButton size="xs" aria-label={t('search.clear')} onClick={() => change('')} />
      }
      value={typed}
      onChange={(event) => change(event.currentTarget.value)}
    />
  )
}
