import { Alert, Button, Group } from '@mantine/core'
import { IconUserPlus } from '@tabler/icons-react'
import { useTranslation } from 'react-i18next'
import type { Conversation } from '@/api/types'
import { useParticipant } from './queries'
import classes from './Side.module.css'

/** People who turned up in a side conversation, until an agent keeps or removes them. */
export function NewPeople({ conversation }: { conversation: Conversation }) {
  const { t } = useTranslation()
  const decide = useParticipant(conversation)
  return conversation.participants
    .filter(({ confirmed }) => !confirmed)
    .map(({ name, email }) => (
      <Alert key={email} color="note" className={classes.note} icon={<IconUserPlus size={18} />}>
        {t('side.newpeople.text', { who: name ? `${name} <${email}>` : email })}
        <Group gap="xs" mt={4}>
          <Button
            size="compact-xs"
            color="side"
            disabled={decide.isPending}
            onClick={() => decide.mutate({ email, keep: true })}
          >
            {t('side.newpeople.keep')}
          </Button>
          <Button
            size="compact-xs"
            variant="default"
            disabled={decide.isPending}
            onClick={() => decide.mutate({ email, keep: false })}
          >
            {t('side.newpeople.remove')}
          </Button>
        </Group>
        {decide.error && <p role="alert">{decide.error.message}</p>}
      </Alert>
    ))
}
