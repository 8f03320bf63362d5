import { OpenRead } from '@millrace/service'
import { Controller, Get, Req, Res } from '@nestjs/common'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { sendAnswer } from '../answers/send-answer.ts'
import { EarthquakeService } from './earthquake-service.ts'
import { fdsnPage, fdsnRefusal } from './fdsn-answer.ts'
import { FdsnRefusal, parseFdsnQuery } from './fdsn-query.ts'

/** The event service of the USGS. Its parameters and its refusals are the service's own, so they are not checked by a DTO. */
@Controller('fdsnws/event/1')
@OpenRead()
export class EarthquakesController {
  constructor(private readonly earthquakes: EarthquakeService) {}

  @Get('query')
  async query(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    const now = this.earthquakes.now()
    const date = new Date(now).toUTCString()
    try {
      const query = parseFdsnQuery(request.query as Record<string, unknown>, now)
      const quakes = this.earthquakes.find(query, now)
      const url = `${request.protocol}://${request.host}${request.url}`
      await sendAnswer(reply, {
        status: 200, headers: { date, 'content-type': 'application/json; charset=utf-8' },
        body: JSON.stringify(fdsnPage(quakes, { url, now, query })),
        served: () => { this.earthquakes.served.note(quakes) },
      })
    } catch (error) {
      if (!(error instanceof FdsnRefusal)) throw error
      await sendAnswer(reply, { status: 400, headers: { date, 'content-type': 'text/plain; charset=utf-8' }, body: fdsnRefusal(error.message, { path: request.url, now }) })
    }
  }
}
