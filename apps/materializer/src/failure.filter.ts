import { Catch, type RpcExceptionFilter } from '@nestjs/common'
import { throwError, type Observable } from 'rxjs'

/** Hands a handler's error to the transport as it is: Nest's own filter would put "Internal server error" in its place. */
@Catch()
export class FailureFilter implements RpcExceptionFilter<unknown> {
  catch(error: unknown): Observable<never> {
    return throwError(() => error)
  }
}
