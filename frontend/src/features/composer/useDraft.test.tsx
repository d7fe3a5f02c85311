import { screen, waitFor } from '@testing-library/react'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { render } from '@/testing/render'
import { giveBack } from './drafts'
import { blank } from './form'
import { useDraft } from './useDraft'

const start = { to: [{ name: 'Mia', email: 'mia@carrier.example', valid: true }] }

function Harness() {
  const draft = useDraft('side:7', start)
  return (
    <>
      <textarea
        aria-label="text"
        value={draft.form.html}
        onChange={(event) => draft.edit({ html: event.currentTarget.value })}
      />
      <output>{`${draft.keeping} ${draft.form.to.map(({ email }) => email).join()}`}</output>
      <button type="button" onClick={draft.clear}>
        {'clear'}
      </button>
    </>
  )
}

/** A desk that keeps drafts and can be told to wait with its first answer, or to fail. */
function desk() {
  const calls: { method: string; path: string; body?: { body: { id: string; html: string } } }[] = []
  let answerList = (_: unknown[]) => {}
  const list = new Promise<unknown[]>((resolve) => {
    answerList = resolve
  })
  const faults = { put: false }
  vi.stubGlobal('fetch', async (request: Request) => {
    const path = decodeURIComponent(new URL(request.url).pathname)
    if (request.method === 'GET') return Response.json({ drafts: await list })
    const body = request.method === 'PUT' ? await request.json() : undefined
    calls.push({ method: request.method, path, body })
    if (faults.put) throw new TypeError('line')
    return request.method === 'PUT'
      ? Response.json({ composer: 'side:7', body: {}, updated_at: '' })
      : new Response(null, { status: 204 })
  })
  return { calls, answerList, faults }
}

let world: ReturnType<typeof desk>
beforeEach(() => {
  world = desk()
})
afterEach(() => vi.unstubAllGlobals())

const text = () => screen.getByRole('textbox', { name: 'text' })

describe('a draft', () => {
  it('comes back when its composer opens again', async () => {
    world.answerList([{ composer: 'side:7', body: { ...blank(), html: 'half a sentence' }, updated_at: '' }])
    render(<Harness />)
    await waitFor(() => expect(text()).toHaveValue('half a sentence'))
  })

  it('never lands on what was typed before it came', async () => {
    const { person } = render(<Harness />)
    await person.type(text(), 'mine')
    world.answerList([{ composer: 'side:7', body: { ...blank(), html: 'theirs' }, updated_at: '' }])
    await waitFor(() => expect(world.calls.at(-1)?.body?.body.html).toBe('mine'))
    expect(text()).toHaveValue('mine')
  })

  it('is saved when its composer goes away in the middle of a word', async () => {
    world.answerList([])
    const { person, unmount } = render(<Harness />)
    await person.type(text(), 'wor')
    unmount()
    await waitFor(() => expect(world.calls.at(-1)?.body?.body.html).toBe('wor'))
  })

  it('keeps its message id from save to save, and gets a new one when it was sent', async () => {
    world.answerList([])
    const { person } = render(<Harness />)
    await person.type(text(), 'a')
    await screen.findByText(/^kept/)
    await person.type(text(), 'b')
    await waitFor(() => expect(world.calls.filter(({ method }) => method === 'PUT')).toHaveLength(2))
    await person.click(screen.getByRole('button'))
    await person.type(text(), 'c')
    await waitFor(() => expect(world.calls.filter(({ method }) => method === 'PUT')).toHaveLength(3))
    const ids = world.calls.filter(({ method }) => method === 'PUT').map(({ body }) => body?.body.id)
    expect(ids[0]).toBe(ids[1])
    expect(ids[2]).not.toBe(ids[0])
    expect(world.calls.some(({ method }) => method === 'DELETE')).toBe(true)
  })

  it('says when the desk does not answer, and loses nothing', async () => {
    world.answerList([])
    world.faults.put = true
    const { person } = render(<Harness />)
    await person.type(text(), 'still here')
    await screen.findByText(/^failed/)
    expect(text()).toHaveValue('still here')
  })

  it('takes words that were sent and came back', async () => {
    world.answerList([])
    const { queries } = render(<Harness />)
    giveBack(queries, 'side:7', { ...blank(), html: 'taken back' })
    await waitFor(() => expect(text()).toHaveValue('taken back'))
  })
})
