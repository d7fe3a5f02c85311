import { useEffect, useState } from 'react'

/** The time in milliseconds, moving every half second until a moment has passed. */
export function useNow(until: number): number {
  const [now, setNow] = useState(() => Date.now())
  // The outside system is the clock.
  useEffect(() => {
    if (Date.now() >= until) return
    const timer = setInterval(() => {
      setNow(Date.now())
      if (Date.now() >= until) clearInterval(timer)
    }, 500)
    return () => clearInterval(timer)
  }, [until])
  return now
}
