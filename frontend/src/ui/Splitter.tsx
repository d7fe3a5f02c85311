import type { KeyboardEvent, PointerEvent } from 'react'
import classes from './Splitter.module.css'

type Props = {
  label: string
  value: number
  min: number
  max: number
  /** Which side grows when the handle moves to the right. */
  grows: 'before' | 'after'
  onChange: (width: number) => void
}

const step = 24

/** A handle between two panes, moved by pointer or by arrow keys. */
export function Splitter({ label, value, min, max, grows, onChange }: Props) {
  const sign = grows === 'before' ? 1 : -1
  const set = (width: number) => onChange(Math.round(Math.min(max, Math.max(min, width))))

  const drag = (down: PointerEvent<HTMLHRElement>) => {
    const handle = down.currentTarget
    const from = down.clientX
    handle.setPointerCapture(down.pointerId)
    const move = (event: globalThis.PointerEvent) => set(value + sign * (event.clientX - from))
    handle.addEventListener('pointermove', move)
    handle.addEventListener('lostpointercapture', () => handle.removeEventListener('pointermove', move), {
      once: true,
    })
  }

  const key = (event: KeyboardEvent) => {
    const moves: Record<string, number> = {
      ArrowLeft: value - sign * step,
      ArrowRight: value + sign * step,
      Home: min,
      End: max,
    }
    const next = moves[event.key]
    if (next === undefined) return
    event.preventDefault()
    set(next)
  }

  return (
    <hr
      className={classes.handle}
      aria-label={label}
      aria-orientation="vertical"
      aria-valuenow={value}
      aria-valuemin={min}
      aria-valuemax={max}
      tabIndex={0}
      onPointerDown={drag}
      onKeyDown={key}
    />
  )
}
