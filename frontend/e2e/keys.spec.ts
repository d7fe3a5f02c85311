import { expect, test } from './desk.ts'
import { judge } from './judge.ts'
import { Stage } from './stage.ts'

test.use({ look: { language: 'fr', scheme: 'dark' } })

test('the same is done with keys alone', async ({ context, page, sandbox, say }) => {
  const outside = await context.newPage()
  await outside.goto(`${sandbox.stage}/?lang=en`)
  const stage = new Stage(outside)
  await page.bringToFront()
  await page.goto(sandbox.desk)
  await expect(page.getByText('Julien Marchetti').first()).toBeVisible({ timeout: 30_000 })
  await judge(page, '1-list')

  await page.keyboard.press('j')
  await page.keyboard.press('Enter')
  const panel = page.getByRole('region', { name: say('side.title') })
  await expect(panel).toBeVisible()
  await judge(page, '2-ticket')

  await page.keyboard.press('c')
  await page.keyboard.type('commandes@verrerie')
  await expect(
    page
      .getByRole('option')
      .or(page.getByRole('region', { name: say('composer.side.new') }))
      .first(),
  ).toBeVisible()
  await page.keyboard.type('-dumarais.example,')
  await page.keyboard.press('Tab')
  await expect(page.getByRole('textbox', { name: say('composer.subject') })).toBeVisible()
  await page.getByRole('textbox', { name: say('composer.subject') }).focus()
  await page.keyboard.type('Abat-jour de rechange')
  await page.keyboard.press('Tab')
  await page.keyboard.type('Bonjour, en avez-vous un en réserve ?')
  await judge(page, '3-new-side')
  await page.keyboard.press('Control+Enter')
  await expect(panel.getByRole('heading', { name: 'Abat-jour de rechange' })).toBeVisible()
  const mail = await stage.read('Verrerie du Marais', 'Abat-jour de rechange')
  expect(mail).toContain('en avez-vous un en réserve')
  await stage.reply('Oui, deux pièces.')
  await page.bringToFront()
  const answer = panel.getByRole('article', { name: /Verrerie du Marais/ })
  await expect(answer.frameLocator('iframe').getByText('Oui, deux pièces.')).toBeVisible({ timeout: 20_000 })
  await judge(page, '4-answer')

  await page.keyboard.press('n')
  const note = page.getByRole('textbox', { name: say('composer.note') })
  await expect(note).toBeFocused()
  await page.keyboard.type('La verrerie en a deux.')
  await judge(page, '5-note')
  await page.keyboard.press('Control+Enter')
  await expect(
    page.getByRole('article', { name: say('message.card.note', { author: 'Alex Moreau' }) }),
  ).toBeVisible()
  await judge(page, '6-noted')

  await page.keyboard.press('d')
  await expect(panel.getByRole('button', { name: say('side.reopen') })).toBeVisible()
  await page.keyboard.press('d')
  await expect(panel.getByRole('button', { name: say('side.done') })).toBeVisible()
  await page.keyboard.press('Escape')
  await expect(panel.getByRole('button', { name: /Abat-jour de rechange/ })).toBeVisible()
  await judge(page, '7-panel')
})
