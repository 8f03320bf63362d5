import { describe, expect, it } from '@jest/globals'
import { spawn } from 'node:child_process'

/**
 * The import rules of eslint.config.mjs hold only while Nx hands its project graph to the linter; without one the
 * rule is skipped in silence. So forbidden imports are planted here, and the linter has to find each of them.
 */
const planted: Readonly<Record<string, readonly string[]>> = {
  'libs/stream-kit/src/index.ts': ['@millrace/streams', '@millrace/kafka', 'kafkajs', '@nestjs/common'],
  'libs/streams/src/index.ts': ['@millrace/cassandra', 'cassandra-driver'],
  'libs/service/src/index.ts': ['@millrace/kafka', 'kafkajs'],
  'libs/kafka/src/index.ts': ['@millrace/streams', '@millrace/cassandra'],
  'apps/query-api/src/main.ts': ['cassandra-driver', 'kafkajs', '@connectrpc/connect', '@millrace/testing'],
}

async function boundaryErrors(file: string, code: string): Promise<string[]> {
  const eslint = spawn(process.execPath, ['node_modules/eslint/bin/eslint.js', '--format', 'json', '--stdin', '--stdin-filename', file], { stdio: ['pipe', 'pipe', 'inherit'] })
  eslint.stdin.end(code)
  let output = ''
  for await (const chunk of eslint.stdout) output += String(chunk)
  const [result] = JSON.parse(output) as [{ messages: { ruleId: string; line: number; message: string; fatal?: boolean }[] }]
  const broken = result.messages.find(({ fatal }) => fatal)
  if (broken) throw new Error(`The linter could not read ${file}: ${broken.message}`)
  const lines = code.split('\n')
  return result.messages.filter(({ ruleId }) => ruleId === '@nx/enforce-module-boundaries').map(({ line }) => lines[line - 1] ?? '')
}

describe('the linter', () => {
  it.each(Object.entries(planted))(
    'finds every forbidden import planted in %s',
    async (file, names) => {
      const code = names.map((name) => `import '${name}'`)
      expect(await boundaryErrors(file, `${code.join('\n')}\n`)).toEqual(code)
    },
    60_000,
  )

  it('lets an application import what it may', async () => {
    const code = ['@millrace/stream-kit', '@millrace/streams', '@millrace/service', '@millrace/cassandra', '@nestjs/common'].map((name) => `import '${name}'\n`)
    expect(await boundaryErrors('apps/query-api/src/main.ts', code.join(''))).toEqual([])
  }, 60_000)
})
