import type { ReactNode } from 'react'
import type { Problem } from '../api/problem.ts'

/** A problem in its own words, what may be done about it, and what finds it in the log. Only the words are read out: the rest changes with every try. */
export function ProblemNote({ problem, whatToDo = null, more = null }: { readonly problem: Problem; readonly whatToDo?: string | null; readonly more?: string | null }): ReactNode {
  const { title, detail, errors, exists, correlationId } = problem
  return (
    <div className="problem">
      <div role="alert">
        <p><strong>{title}.</strong> {errors.length === 0 && detail}</p>
        {errors.length > 0 && <ul>{errors.map((error) => <li key={error}>{error}</li>)}</ul>}
      </div>
      {whatToDo !== null && <p>{whatToDo}</p>}
      {exists.length > 0 && !exists.every((one) => detail.includes(one)) && <p>There is {exists.join(', ')}.</p>}
      {more !== null && <p>{more}</p>}
      {correlationId !== null && <p className="note">Correlation id <code>{correlationId}</code></p>}
    </div>
  )
}
