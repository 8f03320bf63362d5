import { describe, expect, it } from '@jest/globals'
import { errorsPage, type ProjectCodes } from './errors-page.ts'

const tea = { retry: 'later', means: 'The kettle | <pot> is cold.', remedy: 'Wait.' } as const
const project = (change: Partial<ProjectCodes> = {}): ProjectCodes => ({ project: 'libs/tea', errors: { tea_cold: tea }, problems: {}, ...change })

describe('errorsPage', () => {
  it('has each code with what it means, whether it is tried again, and what to do, sorted', () => {
    const page = errorsPage([
      project({ problems: { tea_unknown: { status: 404, title: 'There is no such tea', remedy: 'Ask for another.' } } }),
      project({ project: 'apps/bar', errors: { b_is_second: { ...tea, retry: 'now' }, a_is_first: { ...tea, retry: 'never' } } }),
    ])
    expect(page).toContain('### libs/tea\n\n| Code | Tried again | What has happened | What to do |\n|---|---|---|---|\n| `tea_cold` | later | The kettle \\| \\<pot> is cold. | Wait. |\n')
    expect(page).toContain('| `a_is_first` | no | The kettle \\| \\<pot> is cold. | Wait. |\n| `b_is_second` | at once |')
    expect(page).toContain('### libs/tea\n\n| Code | Status | Title | What to do |\n|---|---|---|---|\n| `tea_unknown` | 404 | There is no such tea | Ask for another. |\n')
    expect(page.indexOf('### apps/bar')).toBeLessThan(page.indexOf('### libs/tea'))
  })

  it('has each reason of a letter with where it arises and what a redrive makes of it', () => {
    expect(errorsPage([])).toContain('| `malformed` | dead-letters | aggregate | Spark cannot read the record of the stream\'s topic. Only somebody else than ingestion can have written it. | Find the writer. If it is an event that should count, redrive it, with a mapping that mends it. | event |\n')
  })

  it('refuses a code that two projects have', () => {
    expect(() => errorsPage([project(), project({ project: 'apps/bar' })])).toThrow('tea_cold stands in the errors of apps/bar and libs/tea: rename one.')
  })

  it('takes a problem that is the answer to an error of the same code', () => {
    expect(errorsPage([project({ problems: { tea_cold: { status: 404, title: 'The tea is cold', remedy: 'Wait.' } } })])).toContain('| `tea_cold` | 404 |')
  })

  it.each<[string, Partial<ProjectCodes>, string]>([
    ['a code in another case', { errors: { teaCold: tea } }, 'teaCold of libs/tea is not in snake_case.'],
    ['an error without a meaning', { errors: { tea_cold: { ...tea, means: '' } } }, 'tea_cold of libs/tea reads ""; write sentences.'],
    ['an error without a remedy', { errors: { tea_cold: { ...tea, remedy: 'wait' } } }, 'tea_cold of libs/tea reads "wait"; write sentences.'],
    ['a problem without a remedy', { problems: { tea_gone: { status: 410, title: 'Gone', remedy: '' } } }, 'tea_gone of libs/tea reads ""; write sentences.'],
  ])('refuses %s', (_, change, message) => {
    expect(() => errorsPage([project(change)])).toThrow(message)
  })
})
