import { describe, expect, it } from 'vitest'
import { guess } from './presets'

describe('guess', () => {
  it('knows a provider by the address', () => {
    expect(guess('help@outlook.com')).toEqual({
      imap: 'outlook.office365.com:993',
      imap_tls: 'implicit',
      smtp: 'smtp.office365.com:587',
      smtp_tls: 'starttls',
    })
  })

  it('tries the usual names for a domain of one’s own, and nothing for half an address', () => {
    expect(guess('help@Example.org')?.imap).toBe('imap.example.org:993')
    expect(guess('help@exam')).toBeNull()
  })
})
