import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Line } from '../line/line.ts'
import { GuideShell } from './guide-shell.ts'

let root: string
let shell: GuideShell

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'guide-shell-'))
  const block = (text: string): string => `\`\`\`sh\n${text}\n\`\`\`\n`
  writeFileSync(join(root, 'guide.md'), [block('say() { echo "$@"; }'), block('count=$(say 7)\nsay counted'), block('say "{\\"count\\": $count}"'), block('false\nsay never'), block('cat missing')].join('text\n'))
  shell = new GuideShell(new Line({ root, state: join(root, 'state'), portOffset: 0 }), 'guide.md')
})
afterEach(() => { shell.close(); rmSync(root, { recursive: true }) })

describe('the shell of a guide', () => {
  it('keeps what a block defines for those after it, the first block before all', async () => {
    expect(await shell.type('count=$')).toBe('counted\n')
    expect(await shell.json('\\"count')).toEqual({ count: 7 })
    expect(shell.left).toEqual(['line 14: false', 'line 19: cat missing'])
  })

  it('ends with the command that fails, and says which block that was and what it printed', async () => {
    await expect(shell.type('never')).rejects.toThrow(/The block of line 14 has ended the shell.*false/s)
    await expect(shell.type('missing')).rejects.toThrow('The block of line 19 has ended the shell')
  })

  it('types no block that is not the only one of its text', async () => {
    await expect(shell.type('say')).rejects.toThrow('4 blocks of the guide have "say"; one must.')
    await expect(shell.type('nothing')).rejects.toThrow('0 blocks')
  })
})
