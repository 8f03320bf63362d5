import { OpenRead } from '@millrace/service'
import { Controller, Get, Req, Res } from '@nestjs/common'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { sendAnswer } from '../answers/send-answer.ts'
import { Faults } from '../faults/faults.ts'
import { EarthquakeService } from './earthquake-service.ts'
import { fdsnPage, fdsnRefusal } from './fdsn-answer.ts'
import { FdsnRefusal, parseFdsnQuery } from './fdsn-query.ts'

/** The event service of the USGS. Its parameters and its refusals are the service's own, so they are not checked by a DTO. */
@Controller('fdsnws/event/1')
@OpenRead()
export class EarthquakesController {
  constructor(private readonly earthquakes: EarthquakeService, private readonly faults: Faults) {}

  @Get('query')
  async query(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    const now = this.earthquakes.now()
    const date = new Date(now).toUTCString()
    try {
      const query = parseFdsnQuery(request.query as Record<string, unknown>, now)
      const faults = this.faults.earthquakes
      const offset = 1 + faults.beginOf(query.offset - 1, query.offset === 1)
      const rows = this.earthquakes.find({ ...query, offset }, now)
      const url = `${request.protocol}://${request.host}${request.url}`
      await sendAnswer(reply, faults.answer({ url: request.url, headers: { date, 'content-type': 'application/json; charset=utf-8' } }, {
        rows, limit: query.limit, around: inBytes(JSON.stringify({ ...fdsnPage(rows, { url, now, query }), features: [] })),
        note: (served) => { this.earthquakes.served.note(served) },
      }))
    } catch (error) {
      if (!(error instanceof FdsnRefusal)) throw error
      await sendAnswer(reply, { status: 400, headers: { date, 'content-type': 'text/plain; charset=utf-8' }, body: inBytes(fdsnRefusal(error.message, { path: request.url, now })) })
    }
  }
}

/** One character a byte, as answers are. */
const inBytes = (text: string): string => Buffer.from(text).toString('latin1')
