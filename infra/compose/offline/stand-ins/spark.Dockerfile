# For apache/spark: its user, its folders, its jars without those that only an image of ours has.
FROM millrace-stand-in/java
RUN groupadd --system --gid=185 spark && useradd --system --uid=185 --gid=spark -d /nonexistent spark && mkdir -p /opt/spark/work-dir && chmod g+w /opt/spark/work-dir
COPY --chown=spark:spark *.jar /opt/spark/jars/
RUN rm /opt/spark/jars/spark-sql-kafka-0-10_*.jar /opt/spark/jars/spark-token-provider-kafka-0-10_*.jar /opt/spark/jars/kafka-clients-*.jar /opt/spark/jars/commons-pool2-*.jar \
    && chown spark:spark /opt/spark /opt/spark/jars
ENV SPARK_HOME=/opt/spark
WORKDIR /opt/spark/work-dir
USER spark
