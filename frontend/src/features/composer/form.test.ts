import { describe, expect, it } from 'vitest'
import { blank, type Form, faults, outgoing, readForm, worthKeeping } from './form'

const mia = { name: 'Mia', email: 'mia@carrier.example', valid: true }
const broken = { name: '', email: 'mia@', valid: false }
const needs = { people: true, subject: true }
const full = { ...blank({ to: [mia], subject: 'Where is it?' }), html: '<p>Hello</p>' }

describe('a form', () => {
  it.each([
    ['nothing', full, {}],
    ['no recipient', { ...full, to: [] }, { people: 'nobody' }],
    ['a malformed recipient', { ...full, bcc: [broken] }, { people: 'malformed' }],
    ['no subject', { ...full, subject: ' ' }, { subject: 'missing' }],
    ['no words', { ...full, html: '<p>&nbsp;</p>' }, { text: 'empty' }],
  ])('is stopped by %s', (_, form, want) => {
    expect(faults(form as Form, needs)).toEqual(want)
  })

  it('counts people against both limits', () => {
    const two = { ...full, cc: [{ name: '', email: 'a@desk.example', valid: true }] }
    expect(faults(two, needs, { people: 1, outside: 9 }, [])).toEqual({ people: 'many' })
    expect(faults(two, needs, { people: 9, outside: 1 }, [])).toEqual({ people: 'outside' })
    expect(faults(two, needs, { people: 9, outside: 1 }, ['a@desk.example'])).toEqual({})
  })

  it('of one file and no words may leave', () => {
    const file = { id: 'f1', name: 'a.pdf', type: 'application/pdf', size: 3 }
    expect(faults({ ...full, html: '', files: [file] }, needs)).toEqual({})
  })

  it('comes back from a draft as it was', () => {
    const kept = { ...full, cc: [broken], signature: false, seen: 812 }
    expect(readForm(JSON.parse(JSON.stringify(kept)))).toEqual(kept)
  })

  it('survives a draft that another version wrote', () => {
    const read = readForm({ to: 'mia', files: [{ name: 'x' }], html: 5, cc: [{ email: 'a@b.example' }] })
    expect(read).toMatchObject({ to: [], files: [], html: '', cc: [{ email: 'a@b.example', valid: true }] })
    expect(read.id).not.toBe('')
  })

  it('is worth keeping only where somebody changed it', () => {
    const start = { to: [mia], subject: '' }
    expect(worthKeeping(blank(start), start)).toBe(false)
    expect(worthKeeping({ ...blank(start), to: [] }, start)).toBe(true)
    expect(worthKeeping({ ...blank(start), html: '<p>x</p>' }, start)).toBe(true)
  })

  it('carries the signature until it is taken away', () => {
    expect(outgoing(full, '<p>Ada</p>')).toBe('<p>Hello</p><p></p><p>Ada</p>')
    expect(outgoing({ ...full, signature: false }, '<p>Ada</p>')).toBe('<p>Hello</p>')
    expect(outgoing(full, '')).toBe('<p>Hello</p>')
  })
})
