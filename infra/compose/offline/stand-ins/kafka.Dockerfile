# For apache/kafka: its user, its folders, its jars.
FROM millrace-stand-in/java
RUN groupadd --gid 1000 appuser && useradd --uid 1000 --gid appuser --create-home appuser \
    && mkdir -p /opt/kafka /var/lib/kafka/data /etc/kafka/secrets /mnt/shared/config \
    && chown appuser:root -R /var/lib/kafka /etc/kafka && chown appuser:appuser /mnt/shared/config && chmod -R ug+w /etc/kafka /var/lib/kafka
COPY *.jar /opt/kafka/libs/
USER appuser
VOLUME ["/etc/kafka/secrets", "/var/lib/kafka/data", "/mnt/shared/config"]
EXPOSE 9092
