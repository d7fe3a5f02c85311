import { useMantineColorScheme } from '@mantine/core'
import { Spotlight, type SpotlightActionData, spotlight } from '@mantine/spotlight'
import {
  IconKeyboard,
  IconLanguage,
  IconListDetails,
  IconMoonStars,
  IconSearch,
  IconSettings,
  IconShieldQuestion,
} from '@tabler/icons-react'
import { useNavigate } from '@tanstack/react-router'
import { useReducer } from 'react'
import { useTranslation } from 'react-i18next'
import { views } from '@/features/views/views'
import { chooseLanguage } from '@/i18n/i18n'
import { hasKey, keyNames, type ShortcutId, shortcuts, trigger, useShortcut } from '@/lib/shortcuts'
import { sections } from '../pages/sections'

/** What can be done to what is open, by the same handlers as the keys. */
const deeds: ShortcutId[] = [
  'ticket.reply',
  'ticket.note',
  'ticket.solve',
  'ticket.take',
  'side.new',
  'side.done',
  'ticket.close',
]

/** Everything that can be done, found by typing a few letters of it. */
export function Palette({ onKeys }: { onKeys: () => void }) {
  const { t, i18n } = useTranslation()
  const navigate = useNavigate()
  const { colorScheme, setColorScheme } = useMantineColorScheme()
  // What can be done depends on what is open, and is looked up when the palette opens.
  const [, look] = useReducer((times: number) => times + 1, 0)
  useShortcut('palette.open', spotlight.open)
  useShortcut('go.open', () => void navigate({ to: '/tickets', search: { view: 'mine' } }))
  useShortcut('go.unassigned', () => void navigate({ to: '/tickets', search: { view: 'unassigned' } }))
  useShortcut('go.unsolved', () => void navigate({ to: '/tickets', search: { view: 'unsolved' } }))
  useShortcut('go.attention', () => void navigate({ to: '/tickets', search: { view: 'attention' } }))
  useShortcut('go.settings', () => void navigate({ to: '/settings' }))

  const actions: SpotlightActionData[] = [
    ...deeds.filter(hasKey).map((id) => ({
      id,
      label: t(`key.${id}`),
      rightSection: <span>{keyNames(shortcuts[id][0]).join(' ')}</span>,
      onClick: () => trigger(id),
    })),
    ...views.map((view) => ({
      id: `view.${view}`,
      label: t('palette.view', { view: t(`view.${view}`) }),
      leftSection: <IconListDetails size={16} />,
      onClick: () => void navigate({ to: '/tickets', search: { view } }),
    })),
    {
      id: 'quarantine',
      label: t('palette.view', { view: t('nav.quarantine') }),
      leftSection: <IconShieldQuestion size={16} />,
      onClick: () => void navigate({ to: '/quarantine' }),
    },
    {
      id: 'search',
      label: t('key.search.focus'),
      leftSection: <IconSearch size={16} />,
      onClick: () => trigger('search.focus'),
    },
    ...sections.map((section) => ({
      id: `settings.${section}`,
      label: t('palette.settings', { section: t(`settings.${section}`) }),
      leftSection: <IconSettings size={16} />,
      onClick: () => void navigate({ to: '/settings', search: { section } }),
    })),
    {
      id: 'scheme',
      label: t('palette.scheme'),
      leftSection: <IconMoonStars size={16} />,
      onClick: () => setColorScheme(colorScheme === 'dark' ? 'light' : 'dark'),
    },
    {
      id: 'language',
      label: t('palette.language'),
      leftSection: <IconLanguage size={16} />,
      onClick: () => void chooseLanguage(i18n.language === 'fr' ? 'en' : 'fr'),
    },
    { id: 'keys', label: t('key.keys.open'), leftSection: <IconKeyboard size={16} />, onClick: onKeys },
  ]
  return (
    <Spotlight
      actions={actions}
      shortcut={null}
      onSpotlightOpen={look}
      nothingFound={t('palette.nothing')}
      scrollable
      overlayProps={{ blur: 0, backgroundOpacity: 0.35 }}
      maxHeight={420}
      searchProps={{ placeholder: t('palette.placeholder'), 'aria-label': t('palette.placeholder') }}
    />
  )
}
