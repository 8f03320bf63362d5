import { streamStatus } from '../../http/stream-status.ts'
import type { Drill } from '../drill.ts'
import { SourceProxy } from '../faults/source-proxy.ts'
import { ingestionInstance, setAside, StandIn } from '../faults/stand-in.ts'

const late = ['1970-01-01T00:00:00.000Z', '1969-12-31T23:59:59.999Z', '1901-02-03T04:05:06.000Z']
const ahead = ['2099-01-01T00:00:00.000Z', '9999-12-31T23:59:59.999Z']
const each = 20

export const strangeTimes: Drill = {
  id: 'F27',
  title: 'event times in 1970, before it, and in 2099',
  breaks: `the source gives ${each} events each of ${[...late, ...ahead].map((time) => time.slice(0, 4)).join(', ')}`,
  expects: 'those of the past are kept as late, those of the future rejected; the watermark does not move by either',
  protects: 'lateness decided at the door; the tolerance for clocks',
  async run(bench) {
    const { line, processes, traffic } = bench
    const source = new SourceProxy(line)
    await source.open()
    bench.finally(() => source.close())
    const before = (await streamStatus(line.urls.queryApi, 'trades')).counts
    const second = await StandIn.start(line, processes, 'ingestion', { ...source.settings, MILLRACE_INGESTION_INSTANCE: ingestionInstance(line) })
    bench.finally(() => second.kill())
    const own = await setAside(processes, 'ingestion')
    bench.finally(() => { process.kill(own, 'SIGKILL') })
    await traffic.untilMade(5_000)
    let given = 0
    source.change = (trades) => {
      const [like] = trades
      if (!like || given >= each) return trades
      given += 1
      return [...[...late, ...ahead].map((tradedAt, index) => ({ ...like, id: `strange-${bench.seed}-${given}-${index}`, tradedAt })), ...trades]
    }
    await traffic.untilMade(15_000)
    const { counts, watermark } = await streamStatus(line.urls.queryApi, 'trades')
    bench.addsFresh(late.length * each)
    bench.expect(given === each, `${given} pages were changed; ${each} were to be`)
    bench.expect(counts.late - before.late >= late.length * each, `${counts.late - before.late} events are late; at least ${late.length * each} were to be`)
    bench.expect(counts.rejected - before.rejected === ahead.length * each, `${counts.rejected - before.rejected} records are rejected; ${ahead.length * each} were to be`)
    bench.expect(Date.parse(watermark ?? '') < Date.now() + 60_000, `the watermark is ${watermark ?? 'not there'}`)
  },
}
