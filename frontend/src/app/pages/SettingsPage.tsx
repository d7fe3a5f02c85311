import { useTranslation } from 'react-i18next'
import { Appearance } from '@/features/admin/Appearance'
import classes from './SettingsPage.module.css'

export function SettingsPage() {
  const { t } = useTranslation()
  return (
    <main className={classes.page}>
      <h1 className={classes.title}>{t('nav.settings')}</h1>
      <Appearance />
    </main>
  )
}
