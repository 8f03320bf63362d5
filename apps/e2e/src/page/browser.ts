import { existsSync } from 'node:fs'
import { chromium, type Browser, type Page } from 'playwright-core'

/** Where Debian and others put a browser that playwright can drive. */
const places = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome']

/** The browser of this machine; undefined where it has none, and pages cannot be tried. */
export const browserPath = places.find((path) => existsSync(path))

/** A page in a browser of its own, and all that it complains about. */
export class OpenPage {
  readonly complaints: string[] = []

  private constructor(private readonly browser: Browser, readonly page: Page) {
    page.on('console', (message) => { if (message.type() === 'error') this.complaints.push(message.text()) })
    page.on('pageerror', (error) => this.complaints.push(error.message))
  }

  static async open(url: string): Promise<OpenPage> {
    // In a container or as root Chromium has no sandbox of its own; what is shown comes from the line under test.
    const browser = await chromium.launch({ ...(browserPath !== undefined && { executablePath: browserPath }), args: ['--no-sandbox'] })
    const open = new OpenPage(browser, await browser.newPage())
    await open.page.goto(url)
    return open
  }

  /** The cells of a table's body, row by row. */
  async cells(): Promise<string[][]> {
    const rows = await this.page.locator('tbody tr').all()
    return Promise.all(rows.map((row) => row.locator('th, td').allInnerTexts()))
  }

  status(): Promise<string> {
    return this.page.getByRole('status').first().innerText()
  }

  async close(): Promise<void> {
    await this.browser.close()
  }
}
