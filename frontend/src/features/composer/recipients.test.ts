import { describe, expect, it } from 'vitest'
import { addPeople, headcount, isAddress, parsePeople } from './recipients'

const good = (email: string, name = '') => ({ name, email, valid: true })
const bad = (email: string) => ({ name: '', email, valid: false })

describe('parsePeople', () => {
  it.each([
    ['mia@carrier.example', [good('mia@carrier.example')]],
    ['Mia Carrier <mia@carrier.example>', [good('mia@carrier.example', 'Mia Carrier')]],
    ['"Carrier, Mia" <mia@carrier.example>', [good('mia@carrier.example', 'Carrier, Mia')]],
    ['"Mia \\"M\\" C" <m@c.example>', [good('m@c.example', 'Mia "M" C')]],
    ['mia@carrier.example (Mia)', [good('mia@carrier.example', 'Mia')]],
    ['mailto:mia@carrier.example', [good('mia@carrier.example')]],
    ['<mailto:mia@carrier.example>', [good('mia@carrier.example')]],
    [
      'a@b.example, c@d.example; e@f.example',
      [good('a@b.example'), good('c@d.example'), good('e@f.example')],
    ],
    [
      'a@b.example\nc@d.example\r\n\te@f.example',
      [good('a@b.example'), good('c@d.example'), good('e@f.example')],
    ],
    ['a@b.example c@d.example', [good('a@b.example'), good('c@d.example')]],
    ['Élise Noël <élise@poste.example>', [good('élise@poste.example', 'Élise Noël')]],
    ['mia@', [bad('mia@')]],
    ['Mia Carrier', [bad('Mia Carrier')]],
    ['Mia <mia at carrier>', [bad('Mia <mia at carrier>')]],
    ['"Mia <mia@carrier.example, b@c.example', [bad('"Mia <mia@carrier.example'), good('b@c.example')]],
    [' , ;\n', []],
  ])('reads %j', (text, want) => {
    expect(parsePeople(text)).toEqual(want)
  })
})

describe('isAddress', () => {
  it.each(['a@localhost', 'a+b@c.example', "o'neil@c.example", 'a@xn--bcher-kva.example'])(
    'takes %s',
    (text) => expect(isAddress(text)).toBe(true),
  )
  it.each([
    '',
    '@b.example',
    'a@',
    'a@b',
    'a@.b.example',
    'a@b..example',
    'a@b.example.',
    'a b@c.example',
    'a@b@c.example',
    'a\r\nRCPT TO:<x@y.example>@c.example',
    `${'x'.repeat(65)}@c.example`,
    '.a@c.example',
  ])('refuses %j', (text) => expect(isAddress(text)).toBe(false))
})

describe('lines', () => {
  it('hold nobody twice', () => {
    expect(addPeople([good('a@b.example')], [good('A@B.example', 'A'), good('c@d.example')])).toEqual([
      good('a@b.example'),
      good('c@d.example'),
    ])
  })

  it('count a person once, and agents apart', () => {
    const lines = { to: [good('a@b.example'), good('x@desk.example')], cc: [good('A@b.example')], bcc: [] }
    expect(headcount(lines, ['X@desk.example'])).toEqual({ people: 2, outside: 1 })
  })
})
