import { defineSettings } from '@millrace/service'
import { faultPlanProblem, parseJson } from './faults/fault-plan.ts'
import type { Speed } from './clock/simulated-clock.ts'

export const speedRule = 'max, or a number from 0 to 1000000'

/** Whether a value of any kind is a speed of the simulated clock. */
export function isSpeed(value: unknown): value is Speed {
  return value === 'max' || (typeof value === 'number' && value >= 0 && value <= 1_000_000)
}

/** The text of a setting as a speed; NaN where it is none. */
export function speedOf(text: string): Speed {
  return text === 'max' ? 'max' : Number(text)
}

export const simulatorSettings = defineSettings({
  speed: {
    env: 'MILLRACE_SIMULATOR_SPEED', kind: 'text', default: '600', about: 'Simulated seconds a second for the recorded data; max serves all of it at once, 0 stands still.',
    check: (text) => isSpeed(speedOf(text)) ? undefined : `expected ${speedRule}.`,
  },
  rate: { env: 'MILLRACE_SIMULATOR_TRADES_RATE', kind: 'int', min: 0, max: 10_000, default: 50, about: 'Synthetic trades a second; 0 pauses them.' },
  kept: { env: 'MILLRACE_SIMULATOR_TRADES_KEPT', kind: 'int', min: 10_000, max: 10_000_000, default: 1_000_000, about: 'The number of latest trades that can be read; 33 bytes of memory each.' },
  seed: { env: 'MILLRACE_SIMULATOR_SEED', kind: 'int', min: 0, max: 4_294_967_295, default: 1, about: 'The same seed gives the same trades and the same delays.' },
  faults: {
    env: 'MILLRACE_SIMULATOR_FAULTS', kind: 'text', default: '{}', about: 'What goes wrong with the simulated sources, by seed and probability, as JSON: {"seed":7,"trades":{"serverError":0.05}}. Nothing without it.',
    check: (text) => { const problem = faultPlanProblem(parseJson(text)); return problem === null ? undefined : `${problem}.` },
  },
  position: { env: 'MILLRACE_SIMULATOR_POSITION_FILE', kind: 'path', default: '.millrace/source-simulator.json', about: 'Where the clock of the recorded data is kept, so that it goes on after a restart. Delete it to begin anew.' },
}, { title: 'Source simulator' })
