import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { readView, type Row } from '../http/read-view.ts'
import { control, untilProduced } from '../http/simulator.ts'
import { eventually } from '../line/eventually.ts'
import { killProcess } from '../line/kill-process.ts'
import type { Line } from '../line/line.ts'
import { settle } from '../line/settle.ts'
import { browserPath, OpenPage } from '../page/browser.ts'

interface Shown {
  /** `19:23:10` */
  readonly start: string
  readonly row: string
}

const stored = ({ symbol, windowStart, events, final }: Row): Shown => ({ start: String(windowStart).slice(11, 19), row: `${String(symbol)} ${String(events)} ${final === true ? 'final' : 'provisional'}` })
const inCells = ([symbol = '', window = '', state = '', events = '']: readonly string[]): Shown => ({ start: /\d\d:\d\d:\d\d/.exec(window)?.[0] ?? '', row: `${symbol} ${events.replaceAll(',', '')} ${state.replace(/^\W+/, '')}` })
const text = ({ start, row }: Shown): string => `${start} ${row}`

/** The page in a real browser, against what a query answers. Where there is no browser it says that it has not run. */
export function pageSuite(line: Line): void {
  const suite = browserPath === undefined ? describe.skip : describe
  suite('the page', () => {
    let open: OpenPage

    beforeAll(async () => {
      open = await OpenPage.open(`${line.urls.queryApi}/#/trades/per-10-seconds`)
    }, 60_000)
    afterAll(() => open.close())

    const makes = async (count: number): Promise<void> => {
      const { trades: { produced } } = await control(line, { trades: { rate: 200, duplicateShare: 0, disorderMs: 0 } })
      await untilProduced(line, produced + count)
      await control(line, { trades: { rate: 0 } })
      await settle(line, 'trades')
    }
    /** Each row of the table is stored just so, and none of the newest window is missing. */
    const untilShown = (what: string): Promise<boolean> => eventually(async () => {
      const rows = (await open.cells()).map(inCells)
      const all = (await readView(line.urls.queryApi, '/v1/trades/per-10-seconds', { from: Date.now() - 3_600_000, to: Date.now() + 60_000 }, 1_000)).map(stored)
      const known = new Set(all.map(text))
      const ofNewest = ({ start }: Shown): boolean => start === all[0]?.start
      return rows.length === 20 && rows.every((row) => known.has(text(row))) && rows.filter(ofNewest).length === all.filter(ofNewest).length
    }, { deadlineMs: 30_000, everyMs: 500, what })

    it('shows the newest windows as a query answers them, as they change', async () => {
      await makes(2_000)
      await untilShown('the table to show what is stored')
      expect(await open.status()).toBe('live')
    }, 240_000)

    it('shows of another stream that its hours balance', async () => {
      await open.page.getByRole('link', { name: 'earthquakes' }).click()
      const main = () => open.page.locator('main').innerText()
      await eventually(async () => /\d+ balanced/.test(await main()), { deadlineMs: 60_000, everyMs: 500, what: 'hours that balance' })
      expect(await main()).not.toMatch(/\d+ unbalanced/)
      await open.page.goBack()
      await untilShown('the table of trades again')
    }, 120_000)

    it('complains of nothing: its policy blocks nothing that it needs', () => {
      expect(open.complaints).toEqual([])
    })

    it('says that it is cut off when query-api is killed, and goes on by itself', async () => {
      const isCutOff = open.page.getByRole('status').first().filter({ hasNotText: /^live$/ }).waitFor({ timeout: 60_000 })
      await killProcess(line, 'query-api')
      await isCutOff
      await eventually(async () => await open.status() === 'live', { deadlineMs: 60_000, everyMs: 250, what: 'the page to be live again' })
      await makes(1_000)
      await untilShown('the table to show what came after the kill')
    }, 300_000)
  })
}
