import type { MappingStep } from '@millrace/cassandra'

/** Steps of one mapping, and levels of one pointer, at most. */
const most = { steps: 32, levels: 16, characters: 500 } as const
const forbidden = new Set(['__proto__', 'constructor', 'prototype'])

type Container = Record<string, unknown> | unknown[]

/** What is wrong with a mapping as it came; null where it is one. */
export function mappingProblem(mapping: unknown): string | null {
  if (!Array.isArray(mapping)) return 'it must be a list of steps'
  if (mapping.length > most.steps) return `it has ${mapping.length} steps, at most ${most.steps} are taken`
  for (const [at, step] of (mapping as unknown[]).entries()) {
    const problem = stepProblem(step)
    if (problem !== null) return `step ${at}: ${problem}`
  }
  return null
}

/**
 * The record with the steps applied, one after the other; the given one stays as it is. `set` makes what is missing on
 * the way, `default` sets only what is absent or null, `remove` and `rename` pass over what is not there.
 */
export function applyMapping(record: unknown, mapping: readonly MappingStep[]): unknown {
  if (mapping.length === 0) return record
  const holder: Record<string, unknown> = { root: structuredClone(record) }
  for (const step of mapping) apply(holder, step)
  return holder['root']
}

function apply(holder: Record<string, unknown>, step: MappingStep): void {
  const target = ['root', ...tokensOf(step.path)]
  if (step.op === 'remove') take(holder, target)
  else if (step.op === 'rename') {
    const value = take(holder, ['root', ...tokensOf(step.from)])
    if (value !== undefined) put(holder, target, value)
  } else if (step.op === 'set' || (look(holder, target) ?? null) === null) put(holder, target, structuredClone(step.value))
}

function look(holder: Container, tokens: readonly string[]): unknown {
  let at: unknown = holder
  for (const token of tokens) at = isContainer(at) && Object.hasOwn(at, token) ? (at as Record<string, unknown>)[token] : undefined
  return at
}

/** Makes objects on the way; a value that is none and stands in the way stays, and nothing is set. */
function put(holder: Container, tokens: readonly string[], value: unknown): void {
  let at: Container = holder
  for (const token of tokens.slice(0, -1)) {
    const next = look(at, [token])
    if (isContainer(next)) at = next
    else if (next === undefined || next === null) at = (assign(at, token, {}) as Container)
    else return
  }
  assign(at, tokens.at(-1) ?? '', value)
}

function assign(at: Container, token: string, value: unknown): unknown {
  if (!Array.isArray(at)) at[token] = value
  else if (token === '-') at.push(value)
  else if (isIndex(token) && Number(token) <= at.length) at[Number(token)] = value
  return value
}

/** Takes a value out; undefined where there is none. */
function take(holder: Container, tokens: readonly string[]): unknown {
  const [parent, last = ''] = [look(holder, tokens.slice(0, -1)), tokens.at(-1)]
  const value = look(holder, tokens)
  if (value === undefined || !isContainer(parent)) return undefined
  if (Array.isArray(parent)) parent.splice(Number(last), 1)
  else Reflect.deleteProperty(parent, last)
  return value
}

function stepProblem(step: unknown): string | null {
  if (typeof step !== 'object' || step === null || Array.isArray(step)) return 'it must be an object'
  const { op, path, from, value, ...others } = step as Record<string, unknown>
  const [extra] = Object.keys(others)
  if (extra !== undefined) return `${JSON.stringify(extra.slice(0, 40))} is not known; known are op, path, from and value`
  if (op !== 'set' && op !== 'remove' && op !== 'rename' && op !== 'default') return 'op must be set, remove, rename or default'
  if ((op === 'set' || op === 'default') !== (value !== undefined)) return op === 'set' || op === 'default' ? `${op} needs a value` : `${op} takes no value`
  if ((op === 'rename') !== (from !== undefined)) return op === 'rename' ? 'rename needs from' : `${op} takes no from`
  return pointerProblem('path', path) ?? (op === 'rename' ? pointerProblem('from', from) : null)
}

function pointerProblem(name: string, pointer: unknown): string | null {
  if (typeof pointer !== 'string' || pointer.length > most.characters || !/^(\/([^~/]|~[01])*)+$/.test(pointer)) return `${name} must be a JSON Pointer (RFC 6901) such as /properties/mag`
  const tokens = tokensOf(pointer)
  if (tokens.length > most.levels) return `${name} has ${tokens.length} levels, at most ${most.levels} are taken`
  const bad = tokens.find((token) => forbidden.has(token))
  return bad === undefined ? null : `${name} may not name ${bad}`
}

const tokensOf = (pointer: string): string[] => pointer.split('/').slice(1).map((token) => token.replaceAll('~1', '/').replaceAll('~0', '~'))
const isContainer = (value: unknown): value is Container => typeof value === 'object' && value !== null
const isIndex = (token: string): boolean => /^(0|[1-9]\d{0,5})$/.test(token)
