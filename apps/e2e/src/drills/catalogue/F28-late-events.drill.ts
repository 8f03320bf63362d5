import { setTimeout as pause } from 'node:timers/promises'
import { streamStatus } from '../../http/stream-status.ts'
import type { Drill } from '../drill.ts'

const longForm = 100_000
const idle = { usualMs: 60_000, longMs: 600_000 }

export const lateEvents: Drill = {
  id: 'F28',
  title: 'events late by less and by more than the bound; silence, then a burst',
  breaks: 'events up to 30 s late where 10 s are allowed; then a minute without any (ten in the long form), then 5,000 a second',
  expects: 'those within the bound count, the others are kept as late; silence loses nothing',
  protects: 'lateness decided once, at the door; a watermark in Spark that only cleans up',
  async run({ line, traffic, expect }) {
    const before = (await streamStatus(line.urls.queryApi, 'trades')).counts.late
    await traffic.flow({ rate: 500, duplicateShare: 0.05, disorderMs: 30_000 })
    await traffic.untilMade(10_000)
    await traffic.flow({ rate: 0, duplicateShare: 0.05, disorderMs: 3_000 })
    await pause(traffic.events >= longForm ? idle.longMs : idle.usualMs)
    await traffic.flow({ rate: 5_000, duplicateShare: 0.05, disorderMs: 3_000 })
    await traffic.untilMade(Math.max(traffic.events, 20_000))
    const late = (await streamStatus(line.urls.queryApi, 'trades')).counts.late - before
    expect(late > 0, 'no event was late, though some came 30 s after their time')
  },
}
