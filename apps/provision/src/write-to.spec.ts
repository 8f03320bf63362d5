import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { expect, it } from '@jest/globals'

const root = join(import.meta.dirname, '../../..')

/** Runs the program with nobody there who reads it, and gives its exit code. */
async function unread(...args: string[]): Promise<unknown> {
  const program = spawn(process.execPath, ['--import', './tools/swc-loader.mjs', 'apps/provision/src/main.ts', ...args], { cwd: root, stdio: ['ignore', 'pipe', 'pipe'] })
  program.stdout.destroy()
  program.stderr.destroy()
  const [code] = await once(program, 'exit') as unknown[]
  return code
}

it('ends with its own exit code when its reader has gone away', async () => {
  expect(await unread('no-such-command')).toBe(2)
}, 30_000)
