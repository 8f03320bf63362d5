import type { Drill } from '../drill.ts'

export const baseline: Drill = {
  id: 'F01',
  title: 'nothing',
  breaks: 'nothing; repetitions and disorder, as in every drill',
  expects: 'every event in its windows, none twice',
  protects: 'the oracle: what is red here would be red everywhere',
  async run({ traffic }) {
    await traffic.untilMade(traffic.events / 4)
  },
}
