import { control, simulatorState } from '../../http/simulator.ts'
import { eventually } from '../../line/eventually.ts'
import type { DrillBench } from '../bench/drill-bench.ts'
import type { Drill } from '../drill.ts'
import { SecondAttempts } from '../faults/second-attempts.ts'
import { deadTrades } from '../oracle/dead-letters.ts'

const faults = { rowsInserted: 0.3, rowsDeleted: 0.3, reorder: 0.3, duplicate: 0.05, duplicateAcross: 0.05, late: 0.02 }
const moments = ['before its page is published', 'before the cursor moves', 'before its page is published'] as const

export const rowsMove: Drill = {
  id: 'F30',
  title: 'rows inserted, deleted and moved while ingestion pages, and between two attempts',
  breaks: `between two pages rows come and go, pages are in any order, records come twice, or some answers later; then kill -9 of ingestion ${moments.join(', ')}: asked again, the source has a third of that page no more, another price in a third, and no order`,
  expects: 'every record that was given counts once, as it was given first, or is kept as late; another price is kept as a dead letter',
  protects: 'ids; a page is judged once, from what was written ahead',
  async run(bench) {
    await whilePaging(bench)
    await bench.traffic.goOn()
    await betweenAttempts(bench)
  },
}

async function whilePaging({ line, traffic, seed }: DrillBench): Promise<void> {
  await traffic.flow({ rate: 3_000, duplicateShare: 0.05, disorderMs: 3_000 })
  await control(line, { faults: { seed, trades: faults } })
  await traffic.untilMade(traffic.events)
  // What is held back comes with later answers.
  await control(line, { faults: { seed, trades: { late: 1e-9 } }, trades: { rate: 200 } })
  await eventually(async () => (await simulatorState(line)).faults.held.trades === 0, { deadlineMs: 60_000, everyMs: 500, what: 'the source to give what it has held back' })
  await control(line, { faults: {} })
}

async function betweenAttempts(bench: DrillBench): Promise<void> {
  const { line, traffic, recovers, say } = bench
  const before = await deadTrades(line, 'revised')
  const attempts = await SecondAttempts.open(bench)
  let repriced = 0
  for (const moment of moments) {
    await traffic.untilMade((await traffic.made()).during + 1_500)
    const held = await attempts.hold(moment === 'before the cursor moves' ? 'move' : 'publish')
    bench.expect(held.length > 0, 'the page that was held has no trade that the source gave')
    repriced += await attempts.again(held)
    say(`killed ${moment}, of ${held.length} trades`)
    await recovers(`killed ${moment}, the source another`)
  }
  if (bench.problems.length > 0) return
  const revised = async (): Promise<number> => await deadTrades(line, 'revised') - before
  await eventually(async () => await revised() >= repriced, { deadlineMs: 60_000, everyMs: 1_000, what: 'the letters' }).catch(async () => {
    bench.expect(false, `${await revised()} trades of another price are kept as dead letters; ${repriced} were to be`)
  })
}
