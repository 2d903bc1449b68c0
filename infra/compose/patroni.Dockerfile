# PostgreSQL under Patroni, for replicated.yml.
FROM postgres:17
RUN apt-get update && apt-get install -y --no-install-recommends patroni python3-etcd \
  && rm -rf /var/lib/apt/lists/*
COPY replicated/patroni.yml /etc/patroni.yml
RUN install -d -o postgres -g postgres -m 700 /var/lib/postgresql
USER postgres
WORKDIR /var/lib/postgresql
ENTRYPOINT []
CMD ["patroni", "/etc/patroni.yml"]
STOPSIGNAL SIGTERM
