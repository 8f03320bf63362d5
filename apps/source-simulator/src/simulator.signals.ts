import { defineSignal } from '@millrace/observability'

export const simulatorChanged = defineSignal('simulator_changed', { level: 'info', text: 'The simulator was set anew.' })
