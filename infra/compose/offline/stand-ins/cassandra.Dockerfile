# For cassandra: its user, its folders, its jars.
FROM millrace-stand-in/java
RUN groupadd -r cassandra --gid=999 && useradd -r -g cassandra --uid=999 cassandra \
    && mkdir -p /opt/cassandra /etc/cassandra /var/lib/cassandra /var/log/cassandra \
    && chown -R cassandra:cassandra /etc/cassandra /var/lib/cassandra /var/log/cassandra && chmod 1777 /etc/cassandra /var/lib/cassandra /var/log/cassandra
COPY *.jar /opt/cassandra/lib/
ENV CASSANDRA_HOME=/opt/cassandra CASSANDRA_CONF=/etc/cassandra
VOLUME /var/lib/cassandra
EXPOSE 7000 7001 7199 9042 9160
