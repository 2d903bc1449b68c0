/** The routes of the OpenAPI document that the web server serves. */
import type { Visitor } from './visitor.ts';

export type SchemaNode = {
  readonly type?: string;
  readonly pattern?: string;
  readonly maxLength?: number;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly const?: unknown;
  readonly enum?: readonly unknown[];
  readonly properties?: Readonly<Record<string, SchemaNode>>;
  readonly anyOf?: readonly SchemaNode[];
};
export type Parameter = {
  readonly name: string;
  readonly in: 'query' | 'path' | 'header' | 'cookie';
  readonly required?: boolean;
  readonly schema: SchemaNode;
};
export type Operation = {
  readonly operationId?: string;
  readonly parameters?: readonly Parameter[];
  readonly requestBody?: {
    readonly content: Readonly<Record<string, { readonly schema: SchemaNode }>>;
  };
};
export type Route = {
  readonly method: string;
  readonly path: string;
  readonly operation: Operation;
};

/** Loads every route that the document lists, with its method in capitals. */
export async function loadRoutes(visitor: Visitor): Promise<readonly Route[]> {
  const { text } = await visitor.ask('/docs/json');
  const { paths } = JSON.parse(text) as {
    paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
  };
  return Object.entries(paths).flatMap(([path, operations]) =>
    Object.entries(operations).map(([method, operation]) => ({
      method: method.toUpperCase(),
      path,
      operation,
    })),
  );
}

export const parametersOf = ({ operation }: Route): readonly Parameter[] =>
  operation.parameters ?? [];

/** The schema of each form that the route's body may have. */
export const bodiesOf = ({ requestBody }: Operation): readonly SchemaNode[] => {
  const schema = requestBody?.content['application/json']?.schema;
  return schema === undefined ? [] : (schema.anyOf ?? [schema]);
};
