import { describe, expect, it } from '@jest/globals'
import { readArguments } from './read-arguments.ts'

const known = ['F01', 'F05']

describe('readArguments', () => {
  it('takes all drills, 20,000 events and a seed of its own without any argument', () => {
    expect(readArguments([], known)).toMatchObject({ ids: [], events: 20_000, seconds: 300, sabotage: null, json: null, isList: false })
    expect(readArguments([], known).seed).not.toBe(readArguments([], known).seed)
  })

  it('takes what is asked for', () => {
    expect(readArguments(['f05', 'F01', '--events', '100000', '--seed', '7', '--seconds', '60', '--json', 'out.json'], known))
      .toMatchObject({ ids: ['F05', 'F01'], events: 100_000, seed: 7, seconds: 60, json: 'out.json' })
  })

  it.each([[['F99'], /There is no drill F99/], [['--events', 'many'], /--events is 'many'/], [['--speed', '1'], /--speed/]])('refuses %j and says how it is used', (args, message) => {
    expect(() => readArguments(args, known)).toThrow(message)
    expect(() => readArguments(args, known)).toThrow(/npm run drill/)
  })
})
