/**
 * Starts Airflow: the database before the API, the API before those who talk to it. `step` says what happens, `supervise`
 * keeps a process running.
 */
export const startAirflow = async ({ prepare, url, api, scheduler, reader }, { step, supervise }) => {
  await step('airflow', 'preparing: Python packages and database', undefined, prepare)
  await step(api.name, 'starting', `ready on ${url}`, () => supervise(api))
  await Promise.all([scheduler, reader].map((service) => step(service.name, 'starting', 'ready', () => supervise(service))))
}

/** The order in which it stops: who starts tasks first, and last who takes their results. */
export const airflowStopOrder = [['airflow-scheduler', 'airflow-dags'], ['airflow-api']]
