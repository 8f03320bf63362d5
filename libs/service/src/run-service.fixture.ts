import { Controller, Get, Module, type OnModuleDestroy, type OnModuleInit } from '@nestjs/common'
import { defineSignal } from '@millrace/observability'
import { OpenRead } from './access/access.decorators.ts'
import { systemClock } from './clock.ts'
import { runService } from './run-service.ts'
import { readSettings } from './settings/read-settings.ts'

/** A worker that `run-service.spec.ts` starts as a process of its own; MILLRACE_SPEC_MODE says how it misbehaves. */
const { mode, secret } = readSettings({
  mode: { env: 'MILLRACE_SPEC_MODE', kind: 'choice', choices: ['good', 'hangs', 'stuck-request', 'rejects', 'slow-start', 'throws', 'tells'], default: 'good', about: 'How it misbehaves.' },
  secret: { env: 'MILLRACE_SPEC_SECRET_FILE', kind: 'secretFile', optional: true, about: 'A secret that no line may show.' },
})

const said = defineSignal('spec_said', { level: 'info', text: 'Said {what}.' })

@Controller('work')
@OpenRead()
class WorkController implements OnModuleInit, OnModuleDestroy {
  async onModuleInit(): Promise<void> {
    if (mode !== 'slow-start') return
    said({ what: 'starting' })
    await systemClock.sleep(500)
  }

  @Get()
  work(): Promise<string> {
    said({ what: 'working' })
    if (mode === 'throws') setImmediate(() => { throw new Error('nobody caught this') })
    if (mode === 'rejects') void Promise.reject(new Error('nobody awaited this'))
    if (mode === 'tells') said({ what: secret, error: new Error(`login with ${secret ?? ''} refused`) })
    return mode === 'stuck-request' ? new Promise(() => undefined) : Promise.resolve('done')
  }

  onModuleDestroy(): Promise<void> {
    said({ what: 'closing' })
    return mode === 'hangs' ? new Promise(() => undefined) : Promise.resolve()
  }
}

@Module({ controllers: [WorkController] })
class WorkModule {}

await runService(WorkModule, { name: 'spec-worker', port: { env: 'MILLRACE_SPEC_PORT', default: 0 } })
