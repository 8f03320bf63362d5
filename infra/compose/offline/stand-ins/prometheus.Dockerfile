# For prom/prometheus: its programs in /bin and its folder, which belongs to nobody. Debian 12 has an older Prometheus.
FROM millrace-stand-in/base
RUN apt-get update && cd /tmp && apt-get download prometheus && dpkg -x prometheus_*.deb unpacked && mv unpacked/usr/bin/prometheus unpacked/usr/bin/promtool /bin/ \
    && rm -rf /tmp/* /var/lib/apt/lists/* && mkdir /prometheus && chown nobody:nogroup /prometheus
USER nobody
WORKDIR /prometheus
VOLUME /prometheus
EXPOSE 9090
ENTRYPOINT ["/bin/prometheus"]
