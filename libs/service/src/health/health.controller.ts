import { Controller, Get, Header } from '@nestjs/common'
import { Public } from '../access/access.decorators.ts'
import { serviceProblem } from '../http/service.problems.ts'
import { Health, type Readiness } from './health.ts'

/** Live: the process answers. Ready: it can work. A supervisor restarts by the first, a balancer sends work by the second. */
@Controller('health')
@Public()
export class HealthController {
  constructor(private readonly health: Health) {}

  @Get('live')
  @Header('cache-control', 'no-store')
  live(): { status: 'live' } {
    return { status: 'live' }
  }

  @Get('ready')
  @Header('cache-control', 'no-store')
  async ready(): Promise<{ status: 'ready', checks: Readiness['checks'] }> {
    const { isReady, checks } = await this.health.readiness()
    if (isReady) return { status: 'ready', checks }
    const missing = Object.entries(checks).filter(([, state]) => state !== 'ok').map(([name]) => name)
    throw serviceProblem('not_ready', { detail: `Waiting for: ${missing.join(', ')}.`, retryAfterSeconds: 1, members: { checks } })
  }
}
