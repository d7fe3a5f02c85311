import { expect, test } from './desk.ts'
import { judge } from './judge.ts'
import { Stage } from './stage.ts'

test.use({ look: { language: 'en', scheme: 'light' } })

const subject = 'The lamp on the stairs flickers'

test('a question goes to a partner, the answer comes back, the customer hears of it', async ({
  context,
  page,
  sandbox,
  say,
}) => {
  const outside = await context.newPage()
  await outside.goto(`${sandbox.stage}/?lang=en`)
  const stage = new Stage(outside)
  await page.goto(sandbox.desk)
  await judge(page, '1-list')

  await stage.write('Hannah Lindqvist', subject, 'It flickers since Monday, order 20440.\n\nHannah')
  const row = page.getByText(subject).first()
  await row.click()
  await expect(page.getByRole('article', { name: /Hannah/ })).toBeVisible()
  await judge(page, '2-ticket')

  const panel = page.getByRole('region', { name: say('side.title') })
  await panel.getByRole('button', { name: say('side.new') }).click()
  await page.getByRole('menuitem', { name: say('side.email') }).click()
  const ask = page.getByRole('region', { name: say('composer.side.new') })
  const to = ask
    .getByRole('combobox', { name: say('composer.to') })
    .or(ask.getByRole('textbox', { name: say('composer.to') }))
  await expect(to.first()).toBeFocused()
  await to.first().fill('nobody@')
  await to.first().press('Enter')
  await ask.getByRole('button', { name: say('composer.send') }).click()
  await expect(ask.getByText(say('composer.fault.malformed'))).toBeVisible()
  await expect(ask.getByText(say('composer.fault.subject'))).toBeVisible()
  await judge(page, '3-faults')
  await to.first().press('Backspace')
  await to.first().fill('dispatch@swiftcargo.example')
  await to.first().press('Enter')
  await ask.getByRole('textbox', { name: say('composer.subject') }).fill('Parcel SC-7741-20440')
  const text = ask.getByRole('textbox', { name: say('composer.side.new') })
  await text.click()
  await page.keyboard.type('Where is the parcel?')
  await ask.locator('input[type=file]').setInputFiles({
    name: 'étiquette.txt',
    mimeType: 'text/plain',
    buffer: Buffer.from('SC-7741-20440\n'),
  })
  await expect(
    ask.getByRole('button', { name: say('upload.remove', { name: 'étiquette.txt' }) }),
  ).toBeVisible()
  await expect(ask.getByRole('progressbar')).toHaveCount(0)
  await judge(page, '4-new-side')
  await page.keyboard.press('Control+Enter')
  await expect(page.getByText(/Sent in \d+ s/)).toBeVisible()
  await expect(panel.getByRole('heading', { name: 'Parcel SC-7741-20440' })).toBeVisible()
  await judge(page, '5-sent')

  const mail = await stage.read('SwiftCargo Dispatch', 'Parcel SC-7741-20440')
  expect(mail).toContain('Where is the parcel?')
  expect(mail).not.toContain('flickers')
  await expect(outside.getByRole('list', { name: 'Attachments' })).toContainText('étiquette.txt')
  await panel.getByRole('button', { name: say('side.back') }).click()
  await stage.reply('It is in Leeds, and comes tomorrow.')
  await expect(panel.getByRole('img', { name: say('side.unread') })).toBeVisible({ timeout: 20_000 })
  await expect(panel.getByText(say('side.turn.ours'))).toBeVisible()
  await judge(page, '6-unread')
  await panel.getByRole('button', { name: /Parcel SC-7741-20440/ }).click()
  const answer = panel.getByRole('article', { name: /SwiftCargo/ })
  await expect(answer.frameLocator('iframe').getByText('It is in Leeds')).toBeVisible()
  await judge(page, '7-answer')
  await answer.getByRole('button', { name: say('message.more') }).click()
  await page.getByRole('menuitem', { name: say('message.why') }).click()
  await expect(page.getByRole('dialog').getByText(say('reason.token'))).toBeVisible()
  await judge(page, '7-why')
  await page.keyboard.press('Escape')
  await answer
    .frameLocator('iframe')
    .getByRole('button', { name: say('message.quoted') })
    .click()
  await expect(answer.frameLocator('iframe').getByText('Where is the parcel?')).toBeVisible()

  await page.getByRole('button', { name: say('composer.reply.to', { who: 'Hannah Lindqvist' }) }).click()
  const reply = page.getByRole('region', { name: say('composer.reply') })
  const words = reply.getByRole('textbox', { name: say('composer.reply') })
  await words.click()
  await page.keyboard.type('Your parcel comes tomorrow.')
  await reply.getByRole('button', { name: say('composer.send') }).click()
  await page
    .getByRole('button', { name: say('delivery.undo') })
    .last()
    .click()
  await expect(words).toContainText('Your parcel comes tomorrow.')
  await judge(page, '8-taken-back')
  await reply.getByRole('button', { name: say('composer.send') }).click()
  await expect(page.getByText(/Sent in \d+ s/)).toBeVisible()
  const heard = await stage.read('Hannah Lindqvist', subject)
  expect(heard).toContain('Your parcel comes tomorrow.')
  expect(heard).not.toContain('Leeds')

  await panel.getByRole('button', { name: say('side.done') }).click()
  await expect(panel.getByRole('button', { name: say('side.reopen') })).toBeVisible()
  await judge(page, '9-done')
  await panel.getByRole('button', { name: say('side.reopen') }).click()
  await expect(panel.getByRole('button', { name: say('side.done') })).toBeVisible()
})
