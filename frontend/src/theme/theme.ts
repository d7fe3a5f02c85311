import {
  type CSSVariablesResolver,
  createTheme,
  type MantineColorsTuple,
  type VariantColorsResolver,
} from '@mantine/core'

/** Mantine wants ten shades of a colour; ours are tokens by meaning, so each shade names one of them. */
const accent: MantineColorsTuple = [
  'var(--accent-surface)',
  'var(--accent-surface)',
  'var(--accent-surface)',
  'var(--accent-text)',
  'var(--accent-text)',
  'var(--accent)',
  'var(--accent)',
  'var(--accent-hover)',
  'var(--accent-hover)',
  'var(--accent-hover)',
]

/** Mantine reads its greys by number, from dark's end in a dark window; each is one of our surfaces, lines or texts. */
const dark: MantineColorsTuple = [
  'var(--text)',
  'var(--text-muted)',
  'var(--text-muted)',
  'var(--text-muted)',
  'var(--line)',
  'var(--surface-hover)',
  'var(--surface-raised)',
  'var(--surface)',
  'var(--surface-sunken)',
  'var(--canvas)',
]

const gray: MantineColorsTuple = [
  'var(--surface-hover)',
  'var(--surface-hover)',
  'var(--line)',
  'var(--line)',
  'var(--line)',
  'var(--text-muted)',
  'var(--text-muted)',
  'var(--text-muted)',
  'var(--text)',
  'var(--text)',
]

type Tone = 'accent' | 'side' | 'note' | 'danger'

const filled: Record<Tone, { background: string; hover: string; color: string }> = {
  accent: { background: 'var(--accent)', hover: 'var(--accent-hover)', color: 'var(--on-accent)' },
  side: { background: 'var(--side)', hover: 'var(--side)', color: 'var(--on-side)' },
  note: { background: 'var(--note)', hover: 'var(--note)', color: 'var(--on-note)' },
  danger: { background: 'var(--danger)', hover: 'var(--danger-hover)', color: 'var(--on-danger)' },
}

function isTone(color: string | undefined): color is Tone {
  return color !== undefined && color in filled
}

/** Every variant of every Mantine control takes its colours from the tokens; no palette of Mantine's is left in use. */
const variantColors: VariantColorsResolver = ({ color, variant }) => {
  const tone: Tone = isTone(color) ? color : 'accent'
  const clear = '1px solid transparent'
  switch (variant) {
    case 'filled': {
      const look = filled[tone]
      return { background: look.background, hover: look.hover, color: look.color, border: clear }
    }
    case 'light':
      return {
        background: `var(--${tone}-surface)`,
        hover: `var(--${tone}-surface)`,
        color: `var(--${tone}-text)`,
        border: clear,
      }
    case 'outline':
      return {
        background: 'transparent',
        hover: 'var(--surface-hover)',
        color: `var(--${tone}-text)`,
        border: `1px solid var(--line-strong)`,
      }
    case 'subtle':
    case 'transparent':
      return {
        background: 'transparent',
        hover: 'var(--surface-hover)',
        color: isTone(color) ? `var(--${tone}-text)` : 'var(--text-muted)',
        border: clear,
      }
    default:
      return {
        background: 'var(--surface)',
        hover: 'var(--surface-hover)',
        color: 'var(--text)',
        border: '1px solid var(--line)',
      }
  }
}

const meanings = {
  '--mantine-color-body': 'var(--surface)',
  '--mantine-color-text': 'var(--text)',
  '--mantine-color-bright': 'var(--text)',
  '--mantine-color-dimmed': 'var(--text-muted)',
  '--mantine-color-placeholder': 'var(--text-muted)',
  '--mantine-color-anchor': 'var(--accent-text)',
  '--mantine-color-error': 'var(--danger-text)',
  '--mantine-color-default': 'var(--surface)',
  '--mantine-color-default-hover': 'var(--surface-hover)',
  '--mantine-color-default-color': 'var(--text)',
  '--mantine-color-default-border': 'var(--line)',
  '--mantine-color-disabled': 'var(--neutral-surface)',
  '--mantine-color-disabled-color': 'var(--text-muted)',
  '--mantine-color-disabled-border': 'var(--line)',
  '--mantine-primary-color-filled': 'var(--accent)',
  '--mantine-primary-color-filled-hover': 'var(--accent-hover)',
  '--mantine-primary-color-light': 'var(--accent-surface)',
  '--mantine-primary-color-light-hover': 'var(--accent-surface)',
  '--mantine-primary-color-light-color': 'var(--accent-text)',
  '--mantine-primary-color-contrast': 'var(--on-accent)',
}

export const cssVariablesResolver: CSSVariablesResolver = () => ({
  variables: {},
  light: meanings,
  dark: meanings,
})

export const theme = createTheme({
  primaryColor: 'accent',
  primaryShade: 6,
  colors: { accent, dark, gray },
  variantColorResolver: variantColors,
  fontFamily: 'var(--font)',
  fontFamilyMonospace: 'var(--font-mono)',
  defaultRadius: 'md',
  cursorType: 'pointer',
  respectReducedMotion: true,
  focusRing: 'auto',
  fontSizes: {
    xs: 'var(--text-xs)',
    sm: 'var(--text-sm)',
    md: 'var(--text-md)',
    lg: 'var(--text-lg)',
    xl: 'var(--text-xl)',
  },
  spacing: {
    xs: 'var(--space-1)',
    sm: 'var(--space-2)',
    md: 'var(--space-3)',
    lg: 'var(--space-4)',
    xl: 'var(--space-5)',
  },
  radius: {
    xs: 'var(--radius-sm)',
    sm: 'var(--radius-sm)',
    md: 'var(--radius-md)',
    lg: 'var(--radius-lg)',
    xl: 'var(--radius-full)',
  },
  headings: { fontFamily: 'var(--font)', fontWeight: '600' },
})
