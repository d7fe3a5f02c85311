import { expect, test } from './desk.ts'
import { judge } from './judge.ts'

test.use({ look: { language: 'en', scheme: 'light' } })

test('a ticket gets a better subject', async ({ page, sandbox, say }) => {
  await page.goto(sandbox.desk)
  await expect(page.getByText('Julien Marchetti').first()).toBeVisible({ timeout: 30_000 })
  await page.keyboard.press('j')
  await page.keyboard.press('Enter')
  const title = page.locator('#ticket-title')
  await expect(title).toBeVisible()
  const before = (await title.textContent()) ?? ''
  const edit = page.getByRole('button', { name: say('ticket.subject.edit') })
  const field = page.getByRole('textbox', { name: say('ticket.subject'), exact: true })

  await edit.click()
  await field.fill('Never mind')
  await field.press('Escape')
  await expect(title).toHaveText(before)
  await expect(title).toBeFocused()

  await edit.click()
  await judge(page, '1-subject')
  await field.fill('Lampshade arrived broken')
  await field.press('Enter')
  await expect(title).toHaveText('Lampshade arrived broken')
  await page.reload()
  await expect(title).toHaveText('Lampshade arrived broken')
  await judge(page, '2-renamed')
})
