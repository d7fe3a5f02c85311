import { describe, expect, it } from 'vitest'
import { bodyPath, readFrame, target } from './frame'

describe('readFrame', () => {
  it.each([
    [
      { aparte: 'height', height: 120.2 },
      { kind: 'height', height: 121 },
    ],
    [
      { aparte: 'height', height: 9e9 },
      { kind: 'height', height: 200_000 },
    ],
    [
      { aparte: 'link', href: 'https://example.com/a' },
      { kind: 'link', href: 'https://example.com/a' },
    ],
    [
      { aparte: 'link', href: 'mailto:a@example.com' },
      { kind: 'link', href: 'mailto:a@example.com' },
    ],
    [{ aparte: 'link', href: 'javascript:alert(1)' }, null],
    [{ aparte: 'link', href: 'file:///etc/passwd' }, null],
    [{ aparte: 'link', href: '/api/tickets' }, null],
    [{ aparte: 'link', href: { toString: (): string => 'https://example.com' } }, null],
    [{ aparte: 'height', height: Number.NaN }, null],
    [{ aparte: 'height', height: -1 }, null],
    [{ aparte: 'height', height: '120' }, null],
    [{ height: 120 }, null],
    ['height', null],
    [null, null],
  ])('%j is %j', (data, want) => {
    expect(readFrame(data)).toEqual(want)
  })
})

describe('target', () => {
  it('shows the real host', () => {
    expect(target('https://www.bank.example/login')).toMatchObject({
      host: 'www.bank.example',
      disguised: false,
    })
    expect(target('https://bank.example@evil.example/')).toMatchObject({
      host: 'evil.example',
      disguised: true,
    })
    expect(target('https://bänk.example/')).toMatchObject({ host: 'xn--bnk-qla.example', disguised: true })
    expect(target('mailto:mia%40carrier.example?subject=x')).toMatchObject({
      host: 'mia@carrier.example',
      mail: true,
    })
  })
})

describe('bodyPath', () => {
  it('asks for a look', () => {
    expect(bodyPath('m1', { quoted: false, dark: true, lang: 'fr', label: 'Voir' })).toBe(
      '/api/messages/m1/body?quoted=false&dark=true&lang=fr&label=Voir',
    )
  })
})
