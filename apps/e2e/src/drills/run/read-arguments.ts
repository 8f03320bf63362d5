import { parseArgs } from 'node:util'

export const drillUsage = `npm run drill [-- <id>…] [--events <n>] [--seconds <n>] [--seed <n>] [--sabotage <name>] [--json <file>] [--list]
  <id>…        as F05; without any, all of them
  --events     at least so many events a drill: 20000, or 100000 in the long form
  --seconds    how long F39 goes on: 300
  --seed       what decides everything that is left to chance; a run prints its own
  --sabotage   switches one protection off; the drills are then expected to see it
  --json       also writes the reports there
  --list       says what there is, and runs nothing`

export interface DrillArguments {
  readonly ids: readonly string[]
  readonly events: number
  readonly seconds: number
  readonly seed: number
  readonly sabotage: string | null
  readonly json: string | null
  readonly isList: boolean
}

/** Throws for what is not understood, with the usage. */
export function readArguments(args: readonly string[], known: readonly string[]): DrillArguments {
  const { values, positionals } = parse(args)
  const ids = positionals.map((id) => id.toUpperCase())
  const unknown = ids.filter((id) => !known.includes(id))
  if (unknown.length > 0) throw new Error(`There is no drill ${unknown.join(', ')}. There are: ${known.join(', ')}.\n${drillUsage}`)
  return {
    ids,
    events: whole('events', values.events, 1, 10_000_000),
    seconds: whole('seconds', values.seconds, 1, 86_400),
    seed: values.seed === undefined ? Math.floor(Math.random() * 2 ** 32) : whole('seed', values.seed, 0, 2 ** 32 - 1),
    sabotage: values.sabotage ?? null,
    json: values.json ?? null,
    isList: values.list,
  }
}

const parse = (args: readonly string[]) => {
  try {
    return parseArgs({
      args: [...args],
      allowPositionals: true,
      options: {
        events: { type: 'string', default: '20000' }, seconds: { type: 'string', default: '300' }, seed: { type: 'string' },
        sabotage: { type: 'string' }, json: { type: 'string' }, list: { type: 'boolean', default: false },
      },
    })
  } catch (error) {
    throw new Error(`${error instanceof Error ? error.message : String(error)}\n${drillUsage}`, { cause: error })
  }
}

function whole(name: string, text: string, least: number, most: number): number {
  const value = Number(text)
  if (!Number.isInteger(value) || value < least || value > most) throw new Error(`--${name} is '${text}'; a whole number from ${least} to ${most} is expected.\n${drillUsage}`)
  return value
}
