import { control } from '../../http/simulator.ts'
import type { Drill } from '../drill.ts'

const faults = {
  tooManyRequests: 0.04, unavailable: 0.03, serverError: 0.04, htmlError: 0.03, reset: 0.03, cutJson: 0.04, slowBody: 0.02,
  gzipBomb: 0.01, endlessBody: 0.01, redirectLoop: 0.01,
}

export const hostileSource: Drill = {
  id: 'F29',
  title: 'a source that answers everything but what was asked for',
  breaks: 'of all answers a quarter is 429 with Retry-After, 503, 500, HTML, cut, reset, slow, a gzip bomb, an endless body or a redirect to itself; for most of the drill',
  expects: 'ingestion asks again, waits as long as it is told, and leaves a source alone that fails again and again',
  protects: 'caps on body, time and redirects; the cursor moves only with a page; the circuit',
  async run({ line, traffic, recovers, seed }) {
    await control(line, { faults: { seed, trades: faults } })
    await traffic.untilMade(traffic.events - 2_000)
    await control(line, { faults: {} })
    await recovers('the source is itself again')
  },
}
