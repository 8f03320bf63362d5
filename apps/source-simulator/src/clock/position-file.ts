import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { isSpeed } from '../simulator.settings.ts'
import { positionLost, positionNotKept } from '../simulator.signals.ts'
import type { ClockPosition, PositionKeeper } from './simulated-clock.ts'

/**
 * The position of the clock in a file of one line, `{"base":1517540400000,"since":1795378000000,"speed":600,"setting":"600"}`.
 * The speed of the settings is kept beside it: where that has been changed since, it counts from where the clock is. A
 * file that cannot be read or written costs the position and nothing else.
 */
export class PositionFile implements PositionKeeper {
  constructor(private readonly path: string, private readonly setting: ClockPosition['speed'], private readonly now: () => number) {}

  read(): ClockPosition | undefined {
    const text = this.#text()
    if (text === undefined) return undefined
    try {
      const { base, since, speed, setting } = JSON.parse(text) as Readonly<Record<string, unknown>>
      if (!isInstant(base) || !isInstant(since) || !isSpeed(speed) || !isSpeed(setting)) throw new TypeError(`expected {"base", "since", "speed", "setting"}, found ${text.slice(0, 200)}`)
      return setting === this.setting ? { base, since, speed } : this.#atSetting({ base, since, speed })
    } catch (error) {
      positionLost({ path: this.path, error })
      return undefined
    }
  }

  keep(position: ClockPosition): void {
    try {
      mkdirSync(dirname(this.path), { recursive: true, mode: 0o700 })
      writeFileSync(`${this.path}.new`, `${JSON.stringify({ ...position, setting: this.setting })}\n`, { mode: 0o600 })
      renameSync(`${this.path}.new`, this.path)
    } catch (error) {
      positionNotKept({ path: this.path, error })
    }
  }

  #text(): string | undefined {
    try {
      return readFileSync(this.path, 'utf8')
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT') positionLost({ path: this.path, error })
      return undefined
    }
  }

  /** At the speed of the settings from now on; what has passed has passed at the old one. */
  #atSetting({ base, since, speed }: ClockPosition): ClockPosition {
    const now = this.now()
    const passed = speed === 'max' ? Infinity : Math.max(0, now - since) * speed
    return { base: Math.min(base + passed, latest), since: now, speed: this.setting }
  }
}

/** The last instant that there is. A clock stands still at the end of its data, long before. */
const latest = 8.64e15
const isInstant = (value: unknown): value is number => typeof value === 'number' && Math.abs(value) <= latest
