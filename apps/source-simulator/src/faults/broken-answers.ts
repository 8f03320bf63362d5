import { once } from 'node:events'
import type { ServerResponse } from 'node:http'
import { promisify } from 'node:util'
import { gzip } from 'node:zlib'
import { systemClock } from '@millrace/service'
import type { Answer } from '../answers/answer.ts'
import type { AnswerFault } from './fault-plan.ts'

type Spoil = (answer: Answer, random: () => number) => Answer

const html = '<!DOCTYPE html>\n<html><head><title>502 Bad Gateway</title></head><body><h1>502 Bad Gateway</h1></body></html>\n'
const plain = { 'content-type': 'text/plain; charset=utf-8' }
const bombBytes = 50_331_648
const endlessBytes = 268_435_456
const slowBytes = 200

/** The answer that takes the place of another, which then has not been served; but a slow one has. */
export const spoilAnswer: Readonly<Record<AnswerFault, Spoil>> = {
  tooManyRequests: (_, random) => ({ status: 429, headers: { ...plain, 'retry-after': retryAfter(random) }, body: 'Too many requests.\n' }),
  serverError: () => ({ status: 500, headers: plain, body: 'Internal server error.\n' }),
  unavailable: (_, random) => ({ status: 503, headers: random() < 0.5 ? { ...plain, 'retry-after': retryAfter(random) } : plain, body: 'Service unavailable.\n' }),
  htmlError: () => ({ status: 502, headers: { 'content-type': 'text/html; charset=utf-8' }, body: html }),
  redirectLoop: ({ url }) => ({ status: 302, headers: { ...plain, location: url ?? '/' }, body: '' }),
  gzipBomb: ({ status, headers }) => ({ status, headers: { ...headers, 'content-encoding': 'gzip' }, body: '', write: async (raw) => { raw.end(await bomb()) } }),
  endlessBody: ({ status, headers }) => ({ status, headers, body: '', write: sendForEver }),
  reset: ({ status, headers, body }) => ({ status, headers: { ...headers, 'content-length': String(Buffer.byteLength(body, 'latin1') + 1) }, body: '', write: (raw) => resetAfter(raw, body.slice(0, body.length / 2)) }),
  cutJson: ({ status, headers, body }, random) => ({ status, headers, body: body.slice(0, Math.floor(random() * body.length)) }),
  slowBody: (answer) => ({ ...answer, write: (raw) => sendSlowly(raw, Buffer.from(answer.body, 'latin1')) }),
}

/** Nothing, one or two seconds, as a number or as a date. */
function retryAfter(random: () => number): string {
  const seconds = Math.floor(random() * 3)
  return random() < 0.5 ? String(seconds) : new Date(systemClock.now() + seconds * 1_000).toUTCString()
}

let made: Promise<Buffer> | undefined
const bomb = (): Promise<Buffer> => made ??= promisify(gzip)(Buffer.alloc(bombBytes, ' '))

/** Until the reader goes away; one that never does is left after 256 MiB. */
async function sendForEver(raw: ServerResponse): Promise<void> {
  const gone = once(raw, 'close')
  const chunk = Buffer.alloc(65_536, ' ')
  for (let sent = 0; sent < endlessBytes && !raw.destroyed; sent += chunk.length) {
    if (!raw.write(chunk)) await Promise.race([once(raw, 'drain'), gone])
  }
  raw.destroy()
}

async function resetAfter(raw: ServerResponse, half: string): Promise<void> {
  await new Promise((resolve) => raw.write(Buffer.from(half, 'latin1'), resolve))
  raw.socket?.resetAndDestroy()
}

/** Throws where the reader goes away before the end. */
async function sendSlowly(raw: ServerResponse, body: Buffer): Promise<void> {
  for (let at = 0; at < Math.min(slowBytes, body.length); at += 1) {
    if (raw.destroyed) throw new Error('The reader has gone away.')
    raw.write(body.subarray(at, at + 1))
    await systemClock.sleep(5)
  }
  raw.end(body.subarray(Math.min(slowBytes, body.length)))
}
