import { screen } from '@testing-library/react'
import { useState } from 'react'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { render } from '@/testing/render'
import { RecipientLine } from './RecipientLine'
import type { Chip } from './recipients'

const contacts = [{ id: '1', name: 'Mia Carrier', email: 'mia@carrier.example', partner: true }]
beforeEach(() => vi.stubGlobal('fetch', async () => Response.json({ contacts })))
afterEach(() => vi.unstubAllGlobals())

function Harness() {
  const [chips, setChips] = useState<Chip[]>([])
  return (
    <>
      <RecipientLine label="To" chips={chips} onChange={setChips} />
      <output>{chips.map(({ email, valid }) => `${email}${valid ? '' : '!'}`).join(' ')}</output>
    </>
  )
}

const field = () => screen.getByLabelText('To')

it('takes a typed address at a comma and a broken one as broken', async () => {
  const { person } = render(<Harness />)
  await person.type(field(), 'a@b.example,nobody@,')
  expect(screen.getByRole('status')).toHaveTextContent('a@b.example nobody@!')
})

it('takes a pasted list whole', async () => {
  const { person } = render(<Harness />)
  await person.click(field())
  await person.paste('Mia <mia@carrier.example>; "Sam, Out" <sam@depot.example>\nx@y.example')
  expect(screen.getByRole('status')).toHaveTextContent('mia@carrier.example sam@depot.example x@y.example')
})

it('gives up the last chip to Backspace', async () => {
  const { person } = render(<Harness />)
  await person.type(field(), 'a@b.example,c@d.example,{Backspace}')
  expect(screen.getByRole('status')).toHaveTextContent('a@b.example')
})

it('completes a known person with Enter', async () => {
  const { person } = render(<Harness />)
  await person.type(field(), 'mia')
  await screen.findByText('Mia Carrier')
  await person.keyboard('{Enter}')
  expect(screen.getByRole('status')).toHaveTextContent('mia@carrier.example')
})
