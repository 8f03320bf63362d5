import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Line } from '../../line/line.ts'

const shortest = 8

/** Names of secrets that stand in a log of the line, with the log; never the secret itself. */
export function secretsInLogs({ state }: Pick<Line, 'state'>): string[] {
  const secrets = ['secrets', 'keys'].flatMap((folder) => readdirSync(join(state, folder)).flatMap((name) => secretsOf(join(state, folder, name)).map((text) => ({ name: `${folder}/${name}`, text }))))
  return readdirSync(join(state, 'logs')).filter((name) => name.endsWith('.log')).flatMap((log) => {
    const text = readFileSync(join(state, 'logs', log), 'latin1')
    return secrets.filter((secret) => text.includes(secret.text)).map(({ name }) => `${name} stands in logs/${log}`)
  })
}

/** A key is `<id>.<secret>`, and the id is no secret. What services compare with is hashes. */
function secretsOf(path: string): string[] {
  if (path.endsWith('.json')) return []
  const text = readFileSync(path, 'utf8').trim()
  const secret = path.includes('/keys/') ? text.slice(text.indexOf('.') + 1) : text
  return secret.length < shortest ? [] : [secret]
}
