import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after } from 'node:test'
import { setTimeout as pause } from 'node:timers/promises'

/** For tests: a folder that is gone after them. */
export const scratch = () => {
  const folder = mkdtempSync(join(tmpdir(), 'millrace-launcher-'))
  after(() => rmSync(folder, { recursive: true, force: true }))
  return folder
}

/** For tests: waits until a condition holds, and fails when it does not within ten seconds. */
export const eventually = async (what, condition) => {
  for (const deadline = Date.now() + 10_000; Date.now() < deadline; await pause(20)) if (await condition()) return
  throw new Error(`Not within 10 s: ${what}.`)
}
