/** Determines the address of a client, and the network for which its requests count. */
import type { FastifyRequest } from 'fastify';
import ipaddr from 'ipaddr.js';
import { LRUCache } from 'lru-cache';

type ClientAddress = {
  /** The address for display; an IPv4-mapped IPv6 address is shown as IPv4. */
  readonly address: string;
  /** An IPv4 address, or the /64 of an IPv6 address. */
  readonly network: string;
};

/** A provider gives each customer at least a /64, all of whose addresses the customer can use. */
const COUNTED_BYTES = 8;
const REST: readonly number[] = Array.from({ length: 16 - COUNTED_BYTES }, () => 0);

/** The client of a closed connection; all such requests count together. */
const UNKNOWN_CLIENT: ClientAddress = { address: 'unknown', network: 'unknown' };

export function clientAddressOf(remote: string | undefined): ClientAddress {
  if (remote === undefined || !ipaddr.isValid(remote)) return UNKNOWN_CLIENT;
  const address = ipaddr.process(remote);
  if (address.kind() === 'ipv4') {
    return { address: address.toString(), network: address.toString() };
  }
  const prefix = address.toByteArray().slice(0, COUNTED_BYTES);
  const network = `${ipaddr.fromByteArray([...prefix, ...REST]).toString()}/64`;
  return { address: address.toString(), network };
}

/** The clients of recent addresses, because parsing an address was a sixth of what a command cost the web. */
const recent = new LRUCache<string, ClientAddress>({ max: 10_000, memoMethod: clientAddressOf });

const clients = new WeakMap<FastifyRequest, ClientAddress>();

/** Returns the client of a request; keeps it, because the address is lost when the connection closes. */
export function clientOf(request: FastifyRequest): ClientAddress {
  const client = clients.get(request) ?? recentClientOf(request.ip);
  clients.set(request, client);
  return client;
}

/** `remote` is undefined once the connection is closed, whatever the type of `request.ip` says. */
const recentClientOf = (remote: string | undefined): ClientAddress =>
  remote === undefined ? UNKNOWN_CLIENT : recent.memo(remote);
