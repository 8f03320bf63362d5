import { Global, Module } from '@nestjs/common'
import { Health } from './health/health.ts'
import { HealthController } from './health/health.controller.ts'
import { MetricsController } from './http/metrics.controller.ts'

/** What every worker has: health and metrics. */
@Global()
@Module({ controllers: [HealthController, MetricsController], providers: [Health], exports: [Health] })
export class ServiceModule {}
