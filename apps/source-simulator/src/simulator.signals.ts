import { defineSignal } from '@millrace/observability'

export const simulatorChanged = defineSignal('simulator_changed', { level: 'info', text: 'The simulator was set anew.' })
export const answerNotGiven = defineSignal('simulator_answer_not_given', { level: 'debug', text: 'The reader went away in the middle of a spoiled answer.' })
export const positionLost = defineSignal('simulator_position_lost', { level: 'warn', text: 'The clock of the earthquakes begins anew: {path} cannot be read.' })
export const positionNotKept = defineSignal('simulator_position_not_kept', { level: 'warn', text: 'The clock of the earthquakes will begin anew after a restart: {path} cannot be written.' })
