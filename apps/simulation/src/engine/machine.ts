import type { Clock } from '@millrace/service'
import type { World } from '../world.ts'

/** A request to a system outside of the process. */
export interface Request<T> {
  readonly to: 'cassandra' | 'kafka' | 'source' | 'spark'
  /** For the trace, and to tell at which requests processes died. */
  readonly what: string
  readonly isRead: boolean
  /** What it does there, and what is answered. */
  readonly effect: () => T
  /** Some of the effect only, where that can be. */
  readonly part?: () => void
  /** The error when it was certainly not done. */
  readonly refused: () => Error
  /** The error when nobody knows. */
  readonly unknown: () => Error
}

type Fate = 'done' | 'slow' | 'refused' | 'nothing' | 'lost' | 'late' | 'part'

const timeoutMs = 2_000

/**
 * A process of the world: everything it asks for and waits for goes through here, so it can be killed at any await, stand
 * still while the others go on, and have a clock of its own.
 */
export class Machine {
  isAlive = true
  /** What its clock is ahead of the world's. */
  clockAheadMs = 0
  #standsStillUntil = 0

  constructor(readonly world: World, readonly name: string, private readonly onDeath: () => void = () => undefined) {}

  readonly clock: Clock = {
    now: () => Math.round(this.world.time.now + this.clockAheadMs),
    sleep: (ms, signal) => new Promise((resolve, reject) => {
      if (signal?.aborted === true) {
        reject(signal.reason as Error)
        return
      }
      let isOver = false
      const giveUp = (): void => {
        isOver = true
        reject(signal?.reason as Error)
      }
      signal?.addEventListener('abort', giveUp, { once: true })
      this.#later(ms, () => {
        if (isOver) return
        signal?.removeEventListener('abort', giveUp)
        this.world.time.setFree()
        resolve()
      })
    }),
  }

  /** Does something again and again as long as the process lives. */
  every(ms: number, work: () => void): void {
    this.#later(ms, () => {
      this.world.time.setFree()
      work()
      this.every(ms, work)
    })
  }

  /** SIGSTOP, and SIGCONT after so many milliseconds: what it has begun goes on then, as if nothing had been. */
  standStill(ms: number): void {
    this.#standsStillUntil = this.world.time.now + ms
    this.world.tell(this.name, `stands still for ${ms} ms`)
  }

  goOn(): void {
    this.#standsStillUntil = 0
  }

  kill(why: string): void {
    if (!this.isAlive) return
    this.isAlive = false
    this.world.tell(this.name, `is killed: ${why}`)
    this.onDeath()
  }

  /** Never settles once the process is dead: nobody is there to whom it could. */
  request<T>(request: Request<T>): Promise<T> {
    const { world } = this
    const { faults, random } = world
    if (!this.isAlive) return new Promise(() => undefined)
    if (faults.happens('process: killed before a request')) {
      faults.count(`killed before: ${kindOf(request.what)}`)
      this.kill(`before ${request.what}`)
      return new Promise(() => undefined)
    }
    const isKilled = faults.happens('process: killed after a request, before its answer')
    const fate = isKilled ? 'done' : this.#fate(request)
    const travelMs = 1 + random.below(5) + (fate === 'slow' ? random.between(200, 1_900) : 0)
    const isGivenUp = fate === 'lost' || fate === 'nothing' || fate === 'part' || fate === 'late'
    return new Promise((resolve, reject) => {
      const answer = (settle: () => void): void => { this.#arrive(settle) }
      if (fate === 'refused' || isGivenUp) {
        world.time.after(fate === 'refused' ? travelMs : timeoutMs, () => { answer(() => { reject(fate === 'refused' ? request.refused() : request.unknown()) }) })
        if (fate === 'refused' || fate === 'nothing') {
          world.tell(this.name, `${request.what}: ${fate === 'refused' ? 'refused' : 'no answer, nothing done'}`)
          return
        }
      }
      const effectMs = fate === 'late' ? timeoutMs + random.below(12_000) : travelMs
      world.time.after(effectMs, () => {
        const isDropped = !this.isAlive && !isKilled && random.chance(0.5)
        if (isDropped) return
        const settle = fate === 'part' ? this.#part(request) : this.#effect(request, fate, { resolve, reject })
        if (isKilled) {
          faults.count(`killed after: ${kindOf(request.what)}`)
          this.kill(`after ${request.what}, before its answer`)
        } else if (!isGivenUp && request.isRead) answer(settle)
        else if (!isGivenUp) world.time.after(random.below(4), () => { answer(settle) })
      })
    })
  }

  #effect<T>({ what, effect }: Request<T>, fate: Fate, { resolve, reject }: { resolve: (value: T) => void; reject: (error: Error) => void }): () => void {
    const note = fate === 'lost' ? ': done, answer lost' : fate === 'late' ? ': done late, after it was given up' : ''
    try {
      const result = effect()
      this.world.tell(this.name, `${what}${note}${told(result)}`)
      return () => { resolve(result) }
    } catch (error) {
      this.world.tell(this.name, `${what}: ${error instanceof Error ? error.message : String(error)}`)
      return () => { reject(error as Error) }
    }
  }

  #part({ what, part }: Request<unknown>): () => void {
    part?.()
    this.world.tell(this.name, `${what}: done in part`)
    return () => undefined
  }

  #fate({ to, isRead, part }: Request<unknown>): Fate {
    const { faults } = this.world
    if (this.world.isAway(to)) return 'refused'
    if (to === 'source') return faults.happens('source: slow') ? 'slow' : faults.happens('source: no answer') ? 'nothing' : 'done'
    if (to === 'spark') return faults.happens('spark: slow') ? 'slow' : faults.happens('spark: no answer') ? 'nothing' : 'done'
    if (to === 'kafka') {
      if (faults.happens('kafka: slow')) return 'slow'
      if (faults.happens('kafka: refused')) return 'refused'
      if (faults.happens('kafka: no answer, nothing appended')) return 'nothing'
      if (isRead) return 'done'
      if (faults.happens('kafka: answer lost after the append')) return 'lost'
      if (part && faults.happens('kafka: appended in part')) return 'part'
      return faults.happens('kafka: appended after it was given up') ? 'late' : 'done'
    }
    if (faults.happens('cassandra: slow')) return 'slow'
    if (faults.happens('cassandra: refused')) return 'refused'
    if (faults.happens('cassandra: no answer, nothing done')) return 'nothing'
    if (isRead) return 'done'
    if (faults.happens('cassandra: answer lost')) return 'lost'
    return faults.happens('cassandra: done after it was given up') ? 'late' : 'done'
  }

  #later(ms: number, run: () => void): void {
    this.world.time.after(ms, () => { this.#arrive(run) })
  }

  /** Something reaches the process: at once, when it goes on, or never. */
  #arrive(run: () => void): void {
    if (!this.isAlive) return
    const waitMs = this.#standsStillUntil - this.world.time.now
    if (waitMs > 0) {
      this.#later(waitMs + this.world.random.below(20), run)
      return
    }
    this.world.time.setFree()
    run()
  }
}

/** Answers that say much in a word. */
function told(result: unknown): string {
  if (typeof result === 'object' && result !== null && 'applied' in result) return result.applied === true ? ': applied' : ': not applied'
  return ''
}

/** The request without what differs from one to the next. */
const kindOf = (what: string): string => what
  .replace(/^sending \d+ to \*\.windows/, 'sending markers').replace(/^sending \d+ to .*/, 'sending to the topic').replace(/^committing .*/, 'committing').replace(/^reading s\?.*/, 'reading the source')
  .replace(/^writing \d+ rows.*/, 'writing rows').replace(/^(starting|stopping) sightings.*/, '$1 a query').replace(/ (of|in|from) sightings.*| run run-.*/, '').replace(/ \d+$| \d+ ahead$/, '')
