import { metricsContentType, metricsText } from '@millrace/observability'
import { Controller, Get, Header } from '@nestjs/common'
import { OpenRead } from '../access/access.decorators.ts'

/** What Prometheus reads. */
@Controller('metrics')
@OpenRead()
export class MetricsController {
  @Get()
  @Header('content-type', metricsContentType)
  metrics(): Promise<string> {
    return metricsText()
  }
}
