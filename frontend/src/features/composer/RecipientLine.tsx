import { Combobox, Pill, PillsInput, useCombobox } from '@mantine/core'
import { useDebouncedValue } from '@mantine/hooks'
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { type ClipboardEvent, type KeyboardEvent, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { contactsQuery } from '@/api/queries'
import classes from './Composer.module.css'
import { addPeople, type Chip, isAddress, parsePeople } from './recipients'

type Props = {
  label: string
  chips: Chip[]
  onChange: (chips: Chip[]) => void
  error?: string
  focus?: boolean
  aside?: React.ReactNode
}

/** One line of recipients: chips, completion as one types, and whole lists by pasting. */
export function RecipientLine({ label, chips, onChange, error, focus, aside }: Props) {
  const { t } = useTranslation()
  const [typed, setTyped] = useState('')
  const [asked] = useDebouncedValue(typed.trim(), 120)
  const field = useRef<HTMLInputElement>(null)
  const combobox = useCombobox({ onDropdownClose: () => combobox.resetSelectedOption() })
  const found = useQuery({
    ...contactsQuery(asked),
    enabled: asked !== '',
    placeholderData: keepPreviousData,
  })
  const offers = (asked === '' ? [] : (found.data?.contacts ?? [])).filter(
    (one) => !chips.some((chip) => chip.email.toLowerCase() === one.email.toLowerCase()),
  )

  const add = (more: Chip[]) => {
    onChange(addPeople(chips, more))
    setTyped('')
    combobox.closeDropdown()
  }
  const commit = () => typed.trim() !== '' && add(parsePeople(typed))
  const offer = (email: string | undefined) => {
    const one = offers.find((contact) => contact.email === email)
    if (one) add([{ name: one.name, email: one.email, valid: true }])
  }
  const mend = (chip: Chip) => {
    onChange(chips.filter((one) => one !== chip))
    setTyped(chip.email)
    field.current?.focus()
  }

  const key = (event: KeyboardEvent<HTMLInputElement>) => {
    const text = typed.trim()
    if (event.key === 'Backspace' && typed === '' && chips.length > 0) {
      event.preventDefault()
      onChange(chips.slice(0, -1))
    }
    if (event.key === 'Escape' && combobox.dropdownOpened) event.stopPropagation()
    if (text === '' || combobox.getSelectedOptionIndex() >= 0) return
    if ([',', ';'].includes(event.key) && !text.startsWith('"')) {
      event.preventDefault()
      commit()
    }
    if (event.key === 'Enter' && !event.ctrlKey && !event.metaKey) {
      event.preventDefault()
      if (isAddress(text) || offers.length === 0) commit()
      else offer(offers[0]?.email)
    }
  }
  const paste = (event: ClipboardEvent) => {
    const people = parsePeople(event.clipboardData.getData('text/plain'))
    if (people.length === 0 || (people.length === 1 && !people[0]?.valid)) return
    event.preventDefault()
    add(people)
  }

  return (
    <div className={classes.line}>
      <span className={classes.lineLabel} aria-hidden>
        {label}
      </span>
      <Combobox store={combobox} onOptionSubmit={offer} shadow="md" offset={2}>
        <Combobox.DropdownTarget>
          <PillsInput
            variant="unstyled"
            className={classes.lineInput}
            error={error}
            onClick={() => field.current?.focus()}
          >
            <Pill.Group gap={4}>
              {chips.map((chip) => (
                <Pill
                  key={chip.email}
                  className={chip.valid ? classes.person : classes.broken}
                  title={chip.valid ? chip.email : t('composer.malformed')}
                  withRemoveButton
                  onRemove={() => onChange(chips.filter((one) => one !== chip))}
                  removeButtonProps={{
                    'aria-label': t('composer.remove', { who: chip.email }),
                    tabIndex: -1,
                  }}
                  onDoubleClick={() => mend(chip)}
                >
                  {chip.name || chip.email}
                </Pill>
              ))}
              <Combobox.EventsTarget>
                <PillsInput.Field
                  ref={field}
                  className={classes.field}
                  aria-label={label}
                  aria-invalid={error !== undefined || undefined}
                  autoFocus={focus}
                  autoComplete="off"
                  spellCheck={false}
                  value={typed}
                  onChange={(event) => {
                    setTyped(event.currentTarget.value)
                    combobox.resetSelectedOption()
                    combobox.openDropdown()
                  }}
                  onBlur={() => {
                    combobox.closeDropdown()
                    commit()
                  }}
                  onKeyDown={key}
                  onPaste={paste}
                />
              </Combobox.EventsTarget>
            </Pill.Group>
          </PillsInput>
        </Combobox.DropdownTarget>
        <Combobox.Dropdown hidden={offers.length === 0}>
          <Combobox.Options aria-label={t('composer.offers')}>
            {offers.map((one) => (
              <Combobox.Option key={one.email} value={one.email}>
                <span className={classes.offerName}>{one.name || one.email}</span>
                {one.name && <span className={classes.offerEmail}>{one.email}</span>}
              </Combobox.Option>
            ))}
          </Combobox.Options>
        </Combobox.Dropdown>
      </Combobox>
      {aside}
    </div>
  )
}
