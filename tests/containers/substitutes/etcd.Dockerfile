# Stands in for quay.io/coreos/etcd: Debian's etcd.
FROM docker.io/library/debian:trixie-slim
RUN apt-get update && apt-get install -y --no-install-recommends etcd-server \
  && rm -rf /var/lib/apt/lists/*
CMD ["etcd"]
