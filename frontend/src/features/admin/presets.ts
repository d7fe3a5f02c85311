import type { NewMailbox } from '@/api/types'

export type Servers = Pick<NewMailbox, 'imap' | 'imap_tls' | 'smtp' | 'smtp_tls'>

type Preset = Servers & { name: string; domains: readonly string[] }

function preset(name: string, imap: string, smtp: string, domains: readonly string[] = []): Preset {
  const startTls = smtp.endsWith(':587')
  return { name, imap, imap_tls: 'implicit', smtp, smtp_tls: startTls ? 'starttls' : 'implicit', domains }
}

/** Where well-known providers keep their servers. */
export const presets: readonly Preset[] = [
  preset('Gmail, Google Workspace', 'imap.gmail.com:993', 'smtp.gmail.com:465', [
    'gmail.com',
    'googlemail.com',
  ]),
  preset('Microsoft 365, Outlook', 'outlook.office365.com:993', 'smtp.office365.com:587', [
    'outlook.com',
    'hotmail.com',
    'live.com',
  ]),
  preset('Fastmail', 'imap.fastmail.com:993', 'smtp.fastmail.com:465', ['fastmail.com']),
  preset('iCloud', 'imap.mail.me.com:993', 'smtp.mail.me.com:587', ['icloud.com', 'me.com']),
  preset('Infomaniak', 'mail.infomaniak.com:993', 'mail.infomaniak.com:465', ['ik.me']),
  preset('OVHcloud', 'ssl0.ovh.net:993', 'ssl0.ovh.net:465'),
  preset('Gandi', 'mail.gandi.net:993', 'mail.gandi.net:465'),
  preset('Yahoo', 'imap.mail.yahoo.com:993', 'smtp.mail.yahoo.com:465', ['yahoo.com', 'yahoo.fr']),
]

const domainOf = (address: string) => address.split('@')[1]?.trim().toLowerCase() ?? ''

/** The servers of an address: its provider's, else the names that most providers use for their domain. */
export function guess(address: string): Servers | null {
  const domain = domainOf(address)
  if (!domain.includes('.')) return null
  const known = presets.find(({ domains }) => domains.includes(domain))
  const { imap, imap_tls, smtp, smtp_tls } = known ?? preset('', `imap.${domain}:993`, `smtp.${domain}:465`)
  return { imap, imap_tls, smtp, smtp_tls }
}
