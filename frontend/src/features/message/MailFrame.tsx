import { useComputedColorScheme } from '@mantine/core'
import { useEffect, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { bodyPath, readFrame, type Target, target } from './frame'
import { LinkQuestion } from './LinkQuestion'
import classes from './MessageCard.module.css'

type Props = { message: string; author: string; text: string }

/** Heights that frames had, so that a conversation scrolled back to does not jump. */
const heights = new Map<string, number>()

function guess(text: string): number {
  return Math.min(400, 24 + 22 * text.split('\n').reduce((lines, line) => lines + 1 + line.length / 90, 0))
}

/**
 * Shows a message's body in a frame of its own: opaque, without our origin, under its own policy. The frame tells
 * its height and which link was clicked, and is believed in nothing else. It folds quoted history by itself.
 */
export function MailFrame({ message, author, text }: Props) {
  const { t, i18n } = useTranslation()
  const dark = useComputedColorScheme('light', { getInitialValueInEffect: false }) === 'dark'
  const frame = useRef<HTMLIFrameElement>(null)
  const [height, setHeight] = useState(() => heights.get(message) ?? guess(text))
  const [asked, setAsked] = useState<Target | null>(null)

  // The outside system is the frame, which speaks by postMessage.
  useEffect(() => {
    const hear = (event: MessageEvent) => {
      if (event.source === null || event.source !== frame.current?.contentWindow) return
      const news = readFrame(event.data)
      if (news?.kind === 'height') {
        heights.set(message, news.height)
        setHeight(news.height)
      }
      if (news?.kind === 'link') setAsked(target(news.href))
    }
    window.addEventListener('message', hear)
    return () => window.removeEventListener('message', hear)
  }, [message])

  return (
    <>
      <iframe
        ref={frame}
        className={classes.frame}
        title={t('message.body', { author })}
        sandbox="allow-scripts"
        referrerPolicy="no-referrer"
        src={bodyPath(message, { quoted: false, dark, lang: i18n.language, label: t('message.quoted') })}
        style={{ height }}
      />
      <LinkQuestion target={asked} onClose={() => setAsked(null)} />
    </>
  )
}
