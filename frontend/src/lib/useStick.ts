import { type RefObject, useEffect, useRef } from 'react'

const near = 48

/**
 * Keeps a thread where its reader is: at the end it stays at the end while frames below grow and messages
 * come; further up, what is put in above pushes nothing. WebKit anchors no scrolling by itself.
 */
export function useStick(scroller: RefObject<HTMLElement | null>, first: string | undefined): void {
  const stuck = useRef(true)
  const known = useRef({ first, fromEnd: 0 })

  // The outside system is the layout, which grows when mail frames tell their height.
  useEffect(() => {
    const box = scroller.current
    const content = box?.firstElementChild
    if (!box || !content) return
    let top = box.scrollTop
    const toEnd = () => {
      if (!stuck.current) return
      box.scrollTop = box.scrollHeight
      top = box.scrollTop
    }
    const onScroll = () => {
      const fromEnd = box.scrollHeight - box.scrollTop
      known.current.fromEnd = fromEnd
      const atEnd = fromEnd - box.clientHeight < near
      // Only a reader scrolls up: the event of our own scroll may come when the content has grown further.
      if (atEnd) stuck.current = true
      else if (box.scrollTop < top - 1) stuck.current = false
      top = box.scrollTop
    }
    const watch = new ResizeObserver(toEnd)
    watch.observe(content)
    // A composer that opens below makes the box itself smaller.
    watch.observe(box)
    box.addEventListener('scroll', onScroll, { passive: true })
    toEnd()
    return () => {
      watch.disconnect()
      box.removeEventListener('scroll', onScroll)
    }
  }, [scroller])

  // The outside system is the layout: something else stands first, so older things were put in above.
  useEffect(() => {
    const box = scroller.current
    if (!box || known.current.first === first) return
    const wasKnown = known.current.first !== undefined
    known.current.first = first
    if (wasKnown && !stuck.current) box.scrollTop = box.scrollHeight - known.current.fromEnd
  }, [scroller, first])
}
