import { describe, expect, it } from '@jest/globals'
import { forLine } from './for-line.ts'

const line = { portOffset: 700, state: '/tmp/line' }

describe('commands of a guide', () => {
  it('go to the ports and the keys of the line that they are typed on', () => {
    expect(forLine('curl 127.0.0.1:13002/v1 -H "$(cat .millrace/keys/control)"', line)).toBe('curl 127.0.0.1:13702/v1 -H "$(cat /tmp/line/keys/control)"')
  })

  it('stay as they are where they name something else', () => {
    for (const text of ['2018-02-01T00:13002', '/srv/x.millrace/keys', '.millrace-e2e/keys', 'http://127.0.0.1:18080']) expect(forLine(text, line)).toBe(text)
  })
})
