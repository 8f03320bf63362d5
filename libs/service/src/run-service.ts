import { collectProcessMetrics } from '@millrace/observability'
import type { NestFastifyApplication } from '@nestjs/platform-fastify'
import { createService, type AppModule, type ServiceOptions } from './create-service.ts'
import { errorCode } from './error-code.ts'
import { Health } from './health/health.ts'
import { serviceError } from './service.errors.ts'
import { serviceFailed, serviceNotStarted, serviceStarted, serviceStopped, serviceStopping, serviceStopSlow } from './service.signals.ts'
import { serviceSettings } from './service.settings.ts'
import { readSettings } from './settings/read-settings.ts'
import type { Setting } from './settings/setting.ts'

const stopMs = 5_000

/**
 * Runs a worker until it is told to stop. SIGTERM and SIGINT: it is not ready any more, finishes or hands back what
 * it has in hand, closes in reverse order, and ends with 0 within five seconds; a second signal ends it at once.
 * An error that nobody handled ends it with 1, after a log line; whoever supervises it starts it again.
 */
export async function runService(module: AppModule, options: ServiceOptions): Promise<void> {
  const crash = (error: unknown): void => {
    serviceFailed({ error })
    process.exit(1)
  }
  process.on('uncaughtException', crash)
  process.on('unhandledRejection', crash)
  const running = start(module, options)
  stopOnSignal(running)
  try {
    await running
  } catch (error) {
    serviceNotStarted({ error })
    process.exit(1)
  }
}

async function start(module: AppModule, options: ServiceOptions): Promise<NestFastifyApplication> {
  const { host, port } = readSettings({ ...serviceSettings, port: portSetting(options) }, options.env)
  const app = await createService(module, options)
  collectProcessMetrics()
  await listen(app, { host, port, env: options.port.env })
  serviceStarted({ host, port, ms: Math.round(performance.now()) })
  return app
}

function portSetting({ name, port }: ServiceOptions): Setting & { kind: 'int' } {
  return { env: port.env, kind: 'int', min: 0, max: 65_535, default: port.default, about: `The port of ${name}.` }
}

async function listen(app: NestFastifyApplication, { host, port, env }: { host: string, port: number, env: string }): Promise<void> {
  try {
    await app.listen({ host, port })
  } catch (cause) {
    if (errorCode(cause) !== 'EADDRINUSE') throw cause
    throw serviceError('port_taken', `Port ${port} on ${host} is taken. Stop the process that listens there, or set ${env} to another port.`, { cause })
  }
}

function stopOnSignal(running: Promise<NestFastifyApplication>): void {
  let isStopping = false
  const stop = (cause: NodeJS.Signals): void => {
    if (isStopping) process.exit(1)
    isStopping = true
    void close(running, cause)
  }
  process.on('SIGTERM', stop)
  process.on('SIGINT', stop)
}

/** A worker that is still starting is let finish and then closed: half-open things cannot be closed in order. */
async function close(running: Promise<NestFastifyApplication>, cause: NodeJS.Signals): Promise<void> {
  const startedAt = performance.now()
  serviceStopping({ cause })
  const end = setTimeout(() => {
    serviceStopSlow({ ms: stopMs })
    process.exit(1)
  }, stopMs - 200)
  try {
    const app = await running
    const hurry = setTimeout(() => { app.getHttpAdapter().getInstance().server.closeAllConnections() }, stopMs / 2)
    app.get(Health).stop()
    await app.close()
    clearTimeout(hurry)
    clearTimeout(end)
    serviceStopped({ ms: Math.round(performance.now() - startedAt) })
    process.exit(0)
  } catch (error) {
    serviceFailed({ error })
    process.exit(1)
  }
}
