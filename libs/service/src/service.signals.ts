import { defineSignal } from '@millrace/observability'

export const serviceStarted = defineSignal('service_started', { level: 'info', text: 'Listening on {host}:{port}, {ms} ms after the process began.' })
export const serviceNotStarted = defineSignal('service_not_started', { level: 'error', text: 'Cannot start. {error}' })
export const serviceStopping = defineSignal('service_stopping', { level: 'info', text: 'Stopping on {cause}.' })
export const serviceStopped = defineSignal('service_stopped', { level: 'info', text: 'Stopped cleanly after {ms} ms.' })
export const serviceStopSlow = defineSignal('service_stop_slow', { level: 'error', text: 'Did not stop within {ms} ms and is ended; what it had in hand is done again at the next start.' })
export const serviceFailed = defineSignal('service_failed', { level: 'error', text: 'Ended by an error that nobody handled: {error}' })

export const keysRead = defineSignal('keys_read', { level: 'info', text: 'Read {keys} keys from {path}.' })
export const keysLost = defineSignal('keys_lost', {
  level: 'error', text: 'The keys in {path} cannot be used: {error}',
  counter: { name: 'millrace_keys_file_failures_total', help: 'Times the keys file could not be used.' },
})

export const dependencyLost = defineSignal('dependency_lost', {
  level: 'warn', text: 'Not ready: {dependency} is missing: {error}',
  gauge: { name: 'millrace_dependency_ready', help: '1 while the dependency answers, 0 while not.', labels: ['dependency'], value: 'ready' },
})
export const dependencyFound = defineSignal('dependency_found', {
  level: 'info', text: 'Ready: {dependency} answers.',
  gauge: { name: 'millrace_dependency_ready', help: '1 while the dependency answers, 0 while not.', labels: ['dependency'], value: 'ready' },
})

export const requestFailed = defineSignal('request_failed', {
  level: 'error', text: '{method} {path} failed: {error}',
  counter: { name: 'millrace_requests_failed_total', help: 'Requests answered with 500.' },
})
export const requestUnavailable = defineSignal('request_unavailable', {
  level: 'warn', text: '{method} {path} was not possible just now: {error}',
  counter: { name: 'millrace_requests_unavailable_total', help: 'Requests answered with 503.' },
})
export const requestRefused = defineSignal('request_refused', {
  level: 'debug', text: '{method} {path} was refused with {status} {code}.',
  counter: { name: 'millrace_requests_refused_total', help: 'Requests answered with 4xx.', labels: ['status'] },
})

export const frameworkSaid = defineSignal('framework_said', { level: 'debug', text: '{said}' })
export const frameworkWarned = defineSignal('framework_warned', { level: 'warn', text: '{said}' })
export const frameworkFailed = defineSignal('framework_failed', { level: 'error', text: '{said}' })

export const sabotageActive = defineSignal('sabotage_active', { level: 'error', text: 'A protection is switched off for a drill: {name}. Events may be lost or counted twice.' })
