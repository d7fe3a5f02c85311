import { screen } from '@testing-library/react'
import { describe, expect, it, vi } from 'vitest'
import { render } from '@/testing/render'
import { Subject } from './Subject'

async function typing(keys: string) {
  const onChange = vi.fn()
  const { person } = render(<Subject subject="Broken lamp" number={7} disabled={false} onChange={onChange} />)
  await person.click(screen.getByRole('button'))
  await person.clear(screen.getByRole('textbox'))
  await person.keyboard(keys)
  expect(screen.queryByRole('textbox')).toBeNull()
  return onChange.mock.calls
}

describe('the subject', () => {
  it('is changed by Enter', async () => {
    expect(await typing('Broken lampshade {Enter}')).toEqual([['Broken lampshade']])
  })
  it('stays as it was with Escape', async () => {
    expect(await typing('Something else{Escape}')).toEqual([])
  })
  it('is never emptied', async () => {
    expect(await typing('  {Enter}')).toEqual([])
  })
})
