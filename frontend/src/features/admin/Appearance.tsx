import { Input, SegmentedControl, Stack, useMantineColorScheme } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { chooseLanguage } from '@/i18n/i18n'
import type { Prefs } from '@/lib/prefs'
import { usePref } from '@/lib/usePref'

const schemes = ['auto', 'light', 'dark'] as const
const languages = ['auto', 'en', 'fr'] as const

/** How the window looks on this computer: nothing here is stored on the desk. */
export function Appearance() {
  const { t } = useTranslation()
  const { colorScheme, setColorScheme } = useMantineColorScheme()
  const [language, setLanguage] = usePref('language')
  return (
    <Stack component="section" gap="lg" aria-label={t('appearance.title')}>
      <Input.Wrapper
        label={t('appearance.scheme')}
        description={t('appearance.scheme.hint')}
        labelElement="div"
      >
        <SegmentedControl
          mt="sm"
          aria-label={t('appearance.scheme')}
          value={colorScheme}
          onChange={(value) => setColorScheme(value as Prefs['scheme'])}
          data={schemes.map((value) => ({ value, label: t(`appearance.scheme.${value}`) }))}
        />
      </Input.Wrapper>
      <Input.Wrapper label={t('appearance.language')} labelElement="div">
        <SegmentedControl
          mt="sm"
          aria-label={t('appearance.language')}
          value={language}
          onChange={(value) => {
            const chosen = value as Prefs['language']
            setLanguage(chosen)
            void chooseLanguage(chosen)
          }}
          data={languages.map((value) => ({ value, label: t(`appearance.language.${value}`) }))}
        />
      </Input.Wrapper>
    </Stack>
  )
}
