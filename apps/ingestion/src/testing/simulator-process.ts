import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { createServer, type AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { processEnvironment, waitUntil } from '@millrace/service'

/** As much of `GET /control` as specs ask for. */
export interface SimulatorState {
  readonly trades: { readonly rate: number; readonly produced: number }
  readonly faults: { readonly trades: Readonly<Record<string, { readonly times: number }>>; readonly held: { readonly trades: number } }
}

/** As much of `GET /control/truth` as specs ask for. */
export interface Truth {
  readonly data: readonly Readonly<Record<string, unknown>>[]
  readonly next: number | null
  readonly distinct: number
  readonly served: number
}

export interface SimulatorProcess {
  readonly host: string
  state: () => Promise<SimulatorState>
  control: (change: object) => Promise<SimulatorState>
  /** All that it has served of the trades. */
  truth: (kind: 'good' | 'broken') => Promise<Truth['data']>
  stop: () => Promise<void>
}

/** Keys that it accepts; removed when it stops. */
export interface Keys {
  readonly file: string
  bearer: (scope: 'stream:control') => string
  remove: () => void
}

const root = fileURLToPath(new URL('../../../../', import.meta.url))

/** The source simulator as a process of its own, with no trades and no faults: no project imports another's application. */
export async function startSimulator(keys: Keys): Promise<SimulatorProcess> {
  const folder = mkdtempSync(join(tmpdir(), 'millrace-simulator-'))
  const host = `127.0.0.1:${await freePort()}`
  const child = spawn(process.execPath, ['--import', './tools/swc-loader.mjs', 'apps/source-simulator/src/main.ts'], {
    cwd: root, stdio: ['ignore', 'ignore', 'inherit'],
    env: {
      ...processEnvironment(), MILLRACE_SOURCE_SIMULATOR_PORT: host.split(':')[1], MILLRACE_KEYS_FILE: keys.file, MILLRACE_LOG_LEVEL: 'error',
      MILLRACE_SIMULATOR_POSITION_FILE: join(folder, 'position.json'), MILLRACE_SIMULATOR_TRADES_RATE: '0', MILLRACE_SIMULATOR_FAULTS: '{}',
    },
  })
  const ended = once(child, 'exit')
  const ask = async (path: string, init: RequestInit = {}): Promise<unknown> => {
    const answer = await fetch(`http://${host}${path}`, init)
    if (!answer.ok) throw new Error(`${path}: ${answer.status} ${await answer.text()}`)
    return answer.json()
  }
  const stop = async (): Promise<void> => {
    child.kill()
    await ended
    keys.remove()
    rmSync(folder, { recursive: true })
  }
  try {
    await waitUntil(() => ask('/health/live'), { deadlineMs: 30_000, what: 'the simulator' })
  } catch (error) {
    await stop()
    throw error
  }
  return {
    host, stop,
    state: async () => await ask('/control') as SimulatorState,
    control: async (change) => await ask('/control', { method: 'POST', body: JSON.stringify(change), headers: { authorization: keys.bearer('stream:control'), 'content-type': 'application/json' } }) as SimulatorState,
    truth: async (kind) => {
      const data: Truth['data'][number][] = []
      for (let next: number | null = 0; next !== null;) {
        const page = await ask(`/control/truth?stream=trades&kind=${kind}&limit=10000&after=${next}`) as Truth
        data.push(...page.data)
        next = page.next
      }
      return data
    },
  }
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  server.close()
  await once(server, 'close')
  return port
}
