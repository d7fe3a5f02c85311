import { expect, type Page } from '@playwright/test'

const noticed = 40_000

/** Plays the people outside, on their own page, by its own controls. */
export class Stage {
  readonly page: Page

  constructor(page: Page) {
    this.page = page
  }

  private async mailbox(person: string): Promise<void> {
    await this.page
      .getByRole('navigation', { name: 'People' })
      .getByRole('button', { name: new RegExp(person) })
      .click()
    await expect(this.page.getByRole('heading', { name: person })).toBeVisible()
  }

  async write(person: string, subject: string, text: string): Promise<void> {
    await this.mailbox(person)
    await this.page.getByRole('button', { name: 'Write a mail' }).click()
    await this.page.getByLabel('Subject').fill(subject)
    await this.page.getByRole('textbox', { name: 'Text' }).fill(text)
    await this.page.getByRole('button', { name: 'Send', exact: true }).click()
    await expect(this.page.getByRole('status')).not.toBeEmpty()
  }

  /** Opens a mail, once it has come, and gives its plain text. */
  async read(person: string, subject: string): Promise<string> {
    await this.mailbox(person)
    const list = this.page.getByRole('region', { name: 'Messages' })
    await list
      .getByRole('button', { name: new RegExp(quoted(subject)) })
      .first()
      .click({ timeout: noticed })
    await this.page.getByRole('button', { name: 'Plain text' }).click()
    await expect(this.page.locator('#body')).not.toBeEmpty()
    return (await this.page.locator('#body').textContent()) ?? ''
  }

  /** Presses Reply on the mail that is open. */
  async reply(text: string): Promise<void> {
    await this.page.getByRole('button', { name: 'Reply', exact: true }).click()
    await this.page.getByRole('textbox', { name: 'Text' }).fill(text)
    await this.page.getByRole('button', { name: 'Send', exact: true }).click()
    await expect(this.page.locator('#compose')).toBeHidden()
  }
}

function quoted(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')
}
