import { control, simulatorState } from '../../http/simulator.ts'
import { eventually } from '../../line/eventually.ts'
import type { Drill } from '../drill.ts'

const faults = { rowsInserted: 0.3, rowsDeleted: 0.3, reorder: 0.3, duplicate: 0.05, duplicateAcross: 0.05, late: 0.02 }

export const rowsMove: Drill = {
  id: 'F30',
  title: 'rows inserted, deleted and moved while ingestion pages',
  breaks: 'between two pages rows come and go, pages are in any order, records come twice, or some answers later',
  expects: 'every record that was given counts once, or is kept as late',
  protects: 'ids; a page is judged once, from what was written ahead',
  async run({ line, traffic, seed }) {
    await traffic.flow({ rate: 3_000, duplicateShare: 0.05, disorderMs: 3_000 })
    await control(line, { faults: { seed, trades: faults } })
    await traffic.untilMade(traffic.events)
    // What is held back comes with later answers.
    await control(line, { faults: { seed, trades: { late: 1e-9 } }, trades: { rate: 200 } })
    await eventually(async () => (await simulatorState(line)).faults.held.trades === 0, { deadlineMs: 60_000, everyMs: 500, what: 'the source to give what it has held back' })
    await control(line, { faults: {} })
  },
}
