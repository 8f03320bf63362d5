import { readFileSync, statSync } from 'node:fs'
import { keysLost, keysRead } from '../service.signals.ts'
import { KeyRing } from './key-ring.ts'
import { parseKeys } from './parse-keys.ts'

/**
 * The keys in force, from the file of MILLRACE_KEYS_FILE. The file is looked at for each presented key and read again
 * when it has changed, so a new or withdrawn key counts at once. While it is missing nobody is let in; while
 * it is unreadable the keys read before stay in force and an error is logged once.
 */
export class KeysFile {
  #version = 'never looked at'
  #ring = new KeyRing([])

  constructor(private readonly path: string) {}

  ring(): KeyRing {
    const version = this.#look()
    if (version !== this.#version) {
      this.#version = version
      this.#read(version)
    }
    return this.#ring
  }

  #look(): string {
    const stat = statSync(this.path, { bigint: true, throwIfNoEntry: false })
    return stat === undefined ? 'missing' : `${stat.ino}:${stat.size}:${stat.mtimeNs}`
  }

  #read(version: string): void {
    if (version === 'missing') {
      this.#ring = new KeyRing([])
      keysLost({ path: this.path, error: 'The file does not exist; nobody is let in. `npm start` makes it, or set MILLRACE_KEYS_FILE.' })
      return
    }
    try {
      const entries = parseKeys(readFileSync(this.path, 'utf8'), this.path)
      this.#ring = new KeyRing(entries)
      keysRead({ path: this.path, keys: entries.length })
    } catch (error) {
      keysLost({ path: this.path, error })
    }
  }
}
