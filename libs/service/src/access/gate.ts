import { systemClock, type Clock } from '../clock.ts'
import { rememberCaller } from './caller-of.ts'
import { decideAccess } from './decide-access.ts'
import { KeysFile } from './keys-file.ts'
import type { Access } from './scope.ts'

export interface GateOptions {
  readonly keysFile: string
  readonly read: 'open' | 'key'
  readonly clock?: Clock
}

interface Asking {
  readonly headers: Readonly<Record<string, string | string[] | undefined>>
}

/** Where every request to a route passes, Nest's by the guard, raw ones by `guardRoute`. */
export class Gate {
  readonly #keys: KeysFile
  readonly #read: 'open' | 'key'
  readonly #clock: Clock

  constructor({ keysFile, read, clock = systemClock }: GateOptions) {
    this.#keys = new KeysFile(keysFile)
    this.#read = read
    this.#clock = clock
  }

  /** Lets the request in, or throws the problem that answers it. */
  pass(request: Asking, access: Access): void {
    const { authorization } = request.headers
    const caller = decideAccess({
      access, read: this.#read, ring: () => this.#keys.ring(), nowMs: this.#clock.now(),
      authorization: Array.isArray(authorization) ? authorization.join(', ') : authorization,
    })
    rememberCaller(request, caller)
  }
}
