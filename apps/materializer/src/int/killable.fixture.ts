/** A process of its own that a test can kill: `node killable.fixture.ts <stream>`. */
import { startWorker } from './worker.fixture.ts'

const [, , stream = ''] = process.argv
await startWorker(stream)
