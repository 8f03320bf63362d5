import { anonymous, type Caller } from './scope.ts'

const callers = new WeakMap<object, Caller>()

/** Remembers whose request this is; the guard calls it. */
export function rememberCaller(request: object, caller: Caller): void {
  callers.set(request, caller)
}

/** Whose request this is. */
export function callerOf(request: object): Caller {
  return callers.get(request) ?? anonymous
}
