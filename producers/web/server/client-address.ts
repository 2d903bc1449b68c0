/** Where a request comes from, and the network by which it is counted. */
import type { FastifyRequest } from 'fastify';
import ipaddr from 'ipaddr.js';

export type ClientAddress = {
  /** For people; an IPv4-mapped IPv6 address is shown as the IPv4 address it is. */
  readonly address: string;
  /** An IPv4 address, or the /64 of an IPv6 address. */
  readonly network: string;
};

/** A provider gives a customer a /64 at least, whose 2⁶⁴ addresses are all the customer's to use. */
const COUNTED_BYTES = 8;
const REST: readonly number[] = Array.from({ length: 16 - COUNTED_BYTES }, () => 0);

/** For a connection that is gone: such requests are counted together. */
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

const clients = new WeakMap<FastifyRequest, ClientAddress>();

/** Read once a request, when it comes: the address is not known once the connection is gone. */
export function clientOf(request: FastifyRequest): ClientAddress {
  const client = clients.get(request) ?? clientAddressOf(request.ip);
  clients.set(request, client);
  return client;
}
