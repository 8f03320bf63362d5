/** What can go wrong with a whole answer: at most one of them at a time, so their probabilities add up to 1 at most. */
export const answerFaults = {
  tooManyRequests: '429; Retry-After in seconds or as a date',
  serverError: '500',
  unavailable: '503; Retry-After half of the times',
  htmlError: '502 of a gateway, in HTML',
  redirectLoop: '302 to itself',
  gzipBomb: '48 MiB in a body of 48 KiB',
  endlessBody: 'a body that does not end',
  reset: 'the connection is reset in the middle of the body',
  cutJson: 'JSON that ends in its middle',
  slowBody: 'the first 200 bytes come one by one, in about a second; the answer is whole',
} as const

/** What can go wrong with the records of a page, each by itself. */
export const recordFaults = {
  duplicate: 'of all records: given twice in the page',
  duplicateAcross: 'of all records: one of an earlier page is given beside it',
  late: 'of all records: left out at first, given one to twenty answers later, twice',
  brokenRecord: 'of all records: a copy that breaks the schema is given beside it',
  renamedField: 'of all records: a copy with a field under another name is given beside it',
  extraField: 'of all records: has a field that nobody declared; harmless',
  reorder: 'of all answers: the records in any order',
  rowsInserted: 'of all pages after the first: rows came in before it, so it begins with some that were given',
  rowsDeleted: 'of all pages after the first: rows before it went away, so some are never given',
} as const

export type AnswerFault = keyof typeof answerFaults
export type RecordFault = keyof typeof recordFaults
export type Fault = AnswerFault | RecordFault

export const faultySources = ['earthquakes', 'trades'] as const
export type FaultySource = (typeof faultySources)[number]

/** Probabilities by source and fault; what is not named does not happen. `{"seed":7,"trades":{"serverError":0.05}}` */
export type FaultPlan = { readonly seed: number } & Readonly<Record<FaultySource, Readonly<Partial<Record<Fault, number>>>>>

export const noFaults: FaultPlan = { seed: 1, earthquakes: {}, trades: {} }

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> => typeof value === 'object' && value !== null && !Array.isArray(value)
const isFault = (name: string): name is Fault => Object.hasOwn(answerFaults, name) || Object.hasOwn(recordFaults, name)

/** What is wrong with a plan from outside, or null: then it is one, but for what it may leave out. */
export function faultPlanProblem(value: unknown): string | null {
  if (!isObject(value)) return 'expected an object such as {"seed": 7, "trades": {"serverError": 0.05}}'
  for (const [name, part] of Object.entries(value)) {
    if (name === 'seed') {
      if (!Number.isInteger(part) || Number(part) < 0 || Number(part) > 4_294_967_295) return 'seed must be a whole number from 0 to 4294967295'
    } else if (!faultySources.some((source) => source === name)) return `${JSON.stringify(name)} is no source; expected seed, ${faultySources.join(', ')}`
    else if (!isObject(part)) return `${name} must be an object of probabilities`
    else {
      const problem = tableProblem(name, part)
      if (problem !== null) return problem
    }
  }
  return null
}

function tableProblem(source: string, table: Readonly<Record<string, unknown>>): string | null {
  for (const [fault, share] of Object.entries(table)) {
    if (!isFault(fault)) return `${source}: ${JSON.stringify(fault)} is no fault; expected some of ${[...Object.keys(answerFaults), ...Object.keys(recordFaults)].join(', ')}`
    if (typeof share !== 'number' || !(share >= 0 && share <= 1)) return `${source}.${fault} must be a number from 0 to 1`
  }
  const whole = Object.keys(answerFaults).reduce((sum, fault) => sum + Number(table[fault] ?? 0), 0)
  return whole > 1 ? `${source}: the probabilities of faults of a whole answer add up to ${whole}, more than 1` : null
}

/** A plan without problems, completed. */
export const faultPlan = (value: Partial<FaultPlan>): FaultPlan => ({ ...noFaults, ...value })

/** The plan of the setting; undefined where it is no JSON. */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text) as unknown
  } catch {
    return undefined
  }
}
