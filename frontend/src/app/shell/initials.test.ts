import { describe, expect, it } from 'vitest'
import { initials } from './initials'

describe('initials', () => {
  it.each([
    ['Élise van der Berg', 'ÉB'],
    ['Noor', 'N'],
    ['noor@desk.example', 'N'],
    ['', ''],
  ])('of %j are %j', (name, letters) => expect(initials(name)).toBe(letters))
})
