import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from '@jest/globals'
import { documents } from './documents.ts'

const root = join(import.meta.dirname, '../../..')

describe('the documents of settings, errors and metrics', () => {
  it('are committed as the tables of every library and app have them', async () => {
    const made = await documents(root)
    expect(made.map(({ path }) => path)).toEqual(['.env.example', 'docs/settings.md', 'docs/errors.md', 'docs/metrics.md'])
    const stale = made.filter(({ path, text }) => readFileSync(join(root, path), 'utf8') !== text).map(({ path }) => path)
    expect({ stale, mendWith: 'npm run --silent provision -- generate' }).toEqual({ stale: [], mendWith: 'npm run --silent provision -- generate' })
  }, 30_000)
})

describe('a code', () => {
  const sources = globSync('{apps,libs}/*/src/**/*.ts', { cwd: root }).filter((file) => !/\.(spec|fixture)\.ts$|\/testing\/|^libs\/testing\//.test(file))
  const filesWith = (pattern: RegExp): string[] => sources.filter((file) => pattern.test(readFileSync(join(root, file), 'utf8')))

  it('of an error stands in a catalogue: nothing throws the base class with a code of its own', () => {
    expect(filesWith(/new MillraceError\(/)).toEqual([])
  })

  it('of a problem stands in a catalogue: problems are made by problemsOf() of a *.problems.ts', () => {
    expect(filesWith(/new ProblemException\(/)).toEqual(['libs/service/src/http/problem-catalogue.ts'])
  })
})

describe('a metric', () => {
  it('is declared where the page of metrics looks: in *.signals.ts or *-metrics.ts', () => {
    const declaring = globSync('{apps,libs}/*/src/**/*.ts', { cwd: root })
      .filter((file) => !/\.(spec|fixture)\.ts$|^libs\/(observability|testing)\//.test(file))
      .filter((file) => /import \{[^}]*\b(defineSignal|counter|gauge|histogram)\b[^}]*\} from '@millrace\/observability'/.test(readFileSync(join(root, file), 'utf8')))
    expect(declaring.length).toBeGreaterThan(8)
    expect(declaring.filter((file) => !/(\.signals|-metrics)\.ts$/.test(file))).toEqual([])
  })
})
