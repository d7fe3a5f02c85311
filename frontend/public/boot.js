// Runs before the first paint, so that a window set to dark never flashes white.
;(() => {
  let wanted = 'auto'
  try {
    wanted = localStorage.getItem('aparte.scheme') || 'auto'
  } catch {
    // Storage may be refused; the system's scheme then decides.
  }
  const dark = matchMedia('(prefers-color-scheme: dark)').matches
  const scheme = wanted === 'light' || wanted === 'dark' ? wanted : dark ? 'dark' : 'light'
  document.documentElement.setAttribute('data-mantine-color-scheme', scheme)
})()
