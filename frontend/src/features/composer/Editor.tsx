import { Link, RichTextEditor } from '@mantine/tiptap'
import '@mantine/tiptap/styles.layer.css'
import Placeholder from '@tiptap/extension-placeholder'
import { useEditor } from '@tiptap/react'
import StarterKit from '@tiptap/starter-kit'
import { useEffect } from 'react'
import { useTranslation } from 'react-i18next'
import classes from './Composer.module.css'
import { pastedFiles } from './paste'

export type EditorProps = {
  label: string
  placeholder: string
  html: string
  /** Grows when the text comes from elsewhere than the keys. */
  revision: number
  focus: boolean
  onChange: (html: string) => void
  onFiles: (files: File[]) => void
}

/** The rich text editor. It is loaded when the first composer opens. */
export default function Editor({
  label,
  placeholder,
  html,
  revision,
  focus,
  onChange,
  onFiles,
}: EditorProps) {
  const { t } = useTranslation()
  const editor = useEditor({
    shouldRerenderOnTransaction: true,
    extensions: [
      StarterKit.configure({ link: false, underline: false, heading: false, horizontalRule: false }),
      Link.configure({ openOnClick: false }),
      Placeholder.configure({ placeholder }),
    ],
    content: html,
    autofocus: focus ? 'end' : false,
    onUpdate: ({ editor: now }) => onChange(now.isEmpty ? '' : now.getHTML()),
    editorProps: {
      attributes: { role: 'textbox', 'aria-multiline': 'true', 'aria-label': label },
      handlePaste: (_, event) => pastedFiles(event.clipboardData, onFiles),
    },
  })

  // The outside system is the editor, which keeps its own document.
  // biome-ignore lint/correctness/useExhaustiveDependencies: only a new revision brings foreign text
  useEffect(() => {
    if (revision > 0) editor?.commands.setContent(html, { emitUpdate: false })
  }, [revision])

  return (
    <RichTextEditor
      editor={editor}
      className={classes.editor}
      labels={{
        boldControlLabel: t('editor.bold'),
        italicControlLabel: t('editor.italic'),
        strikeControlLabel: t('editor.strike'),
        bulletListControlLabel: t('editor.bullets'),
        orderedListControlLabel: t('editor.numbers'),
        blockquoteControlLabel: t('editor.quote'),
        codeControlLabel: t('editor.code'),
        linkControlLabel: t('editor.link'),
        linkEditorInputLabel: t('editor.link.address'),
        linkEditorInputPlaceholder: 'https://',
        linkEditorSave: t('editor.link.save'),
        linkEditorExternalLink: t('editor.link.address'),
        linkEditorInternalLink: t('editor.link.address'),
      }}
    >
      <RichTextEditor.Content className={classes.text} />
      <RichTextEditor.Toolbar className={classes.toolbar} role="toolbar" aria-label={t('editor.toolbar')}>
        <RichTextEditor.ControlsGroup>
          <RichTextEditor.Bold />
          <RichTextEditor.Italic />
          <RichTextEditor.Strikethrough />
        </RichTextEditor.ControlsGroup>
        <RichTextEditor.ControlsGroup>
          <RichTextEditor.BulletList />
          <RichTextEditor.OrderedList />
          <RichTextEditor.Blockquote />
          <RichTextEditor.Code />
          <RichTextEditor.Link />
        </RichTextEditor.ControlsGroup>
      </RichTextEditor.Toolbar>
    </RichTextEditor>
  )
}
