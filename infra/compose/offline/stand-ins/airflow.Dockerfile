# For apache/airflow: its user, its home and Python 3.11. Its own packages are not there, and nothing of ours uses them.
FROM millrace-stand-in/base
RUN apt-get update && apt-get install -y --no-install-recommends python3.11 python3.11-venv && rm -rf /var/lib/apt/lists/* && ln -s /usr/bin/python3.11 /usr/local/bin/python \
    && useradd --uid 50000 --gid 0 --home-dir /home/airflow --create-home airflow && mkdir -p /opt/airflow/dags /opt/airflow/logs && chown -R airflow:0 /opt/airflow && chmod -R g=u /opt/airflow
ENV AIRFLOW_HOME=/opt/airflow
WORKDIR /opt/airflow
USER airflow
EXPOSE 8080
