import { describe, expect, it } from '@jest/globals'
import { drillTable } from './drill-table.ts'

const report = { id: 'F05', title: 'Kafka killed', outcome: 'kept', why: null, problems: [], recoveries: [{ after: 'a', seconds: 3.04 }, { after: 'b', seconds: 11.9 }], seconds: 80, events: 20_001, lost: 0, double: 0, late: 0, recount: '9 of 9' } as const

describe('drillTable', () => {
  it('shows the slowest recovery, and of how many', () => {
    expect(drillTable([report]).split('\n')[1]).toMatch(/^F05 {2}.*20001 {3}0 .* 9 of 9 .*11\.9 s \(of 2\) .*80 s .*kept$/)
  })

  it('says of a drill that did not run why, and no figures', () => {
    expect(drillTable([{ ...report, outcome: 'not run', why: 'no root', events: undefined, recoveries: [] } as never])).toContain('not run: no root')
  })
})
