/* The part of an OpenAPI 3.1 document that the page shows, read with care: what is not understood is left out. */

export interface Schema {
  type?: string;
  format?: string;
  pattern?: string;
  maxLength?: number;
  minimum?: number;
  maximum?: number;
  maxItems?: number;
  description?: string;
  items?: Schema;
  properties?: Record<string, Schema>;
  required?: string[];
}

export interface Parameter {
  name: string;
  in: string;
  required?: boolean;
  schema?: Schema;
}

export interface Operation {
  summary?: string;
  description?: string;
  'x-roles'?: string[];
  parameters?: Parameter[];
  requestBody?: { content?: Record<string, { schema?: Schema }> };
}

export interface Document {
  openapi: string;
  info: { title: string; version: string; description?: string };
  paths: Record<string, Record<string, Operation>>;
}

export interface Route {
  key: string;
  method: string;
  path: string;
  operation: Operation;
}

export interface Group {
  name: string;
  routes: Route[];
}

const METHODS = ['get', 'head', 'post', 'put', 'patch', 'delete', 'options'];

/** "/api/v1/cases/{id}" belongs to "cases"; routes outside the API to "". */
export function groupOf(path: string): string {
  return /^\/api\/v\d+\/([^/]+)/.exec(path)?.[1]?.replace(/\.json$/, '') ?? '';
}

/** Routes by their first word, in the order of the document. */
export function groupsOf(document: Document): Group[] {
  const groups = new Map<string, Route[]>();
  for (const [path, item] of Object.entries(document.paths)) {
    const routes = groups.get(groupOf(path)) ?? [];
    for (const method of METHODS) {
      const operation = item[method];
      if (operation) routes.push({ key: `${method}${path.replace(/[^a-z0-9]+/gi, '-')}`, method: method.toUpperCase(), path, operation });
    }
    groups.set(groupOf(path), routes);
  }
  return [...groups].map(([name, routes]) => ({ name, routes })).sort((a, b) => a.name.localeCompare(b.name, 'en'));
}

/** "text, at most 200 characters", in the words of JSON Schema. */
export function describe(schema: Schema | undefined): string {
  if (!schema) return '';
  if (schema.type === 'array') return `array of ${describe(schema.items)}${schema.maxItems ? `, at most ${schema.maxItems}` : ''}`;
  const parts = [schema.format ?? schema.type ?? 'any'];
  if (schema.maxLength !== undefined) parts.push(`≤ ${schema.maxLength} characters`);
  if (schema.minimum !== undefined && schema.maximum !== undefined) parts.push(`${schema.minimum}–${schema.maximum}`);
  if (schema.pattern) parts.push(schema.pattern);
  if (schema.description) parts.push(schema.description);
  return parts.join(', ');
}

export interface InputRow {
  name: string;
  where: string;
  isRequired: boolean;
  meaning: string;
}

/** Everything a route takes, as rows of one table. */
export function inputsOf(operation: Operation): InputRow[] {
  const rows = (operation.parameters ?? []).map((parameter): InputRow => ({
    name: parameter.name, where: parameter.in, isRequired: parameter.required === true, meaning: describe(parameter.schema),
  }));
  for (const [type, content] of Object.entries(operation.requestBody?.content ?? {})) {
    const { properties, required } = content.schema ?? {};
    if (!properties) rows.push({ name: '', where: 'body', isRequired: true, meaning: type });
    for (const [name, schema] of Object.entries(properties ?? {}))
      rows.push({ name, where: 'body', isRequired: required?.includes(name) ?? false, meaning: describe(schema) });
  }
  return rows;
}

export function isMatch(route: Route, words: string): boolean {
  const text = `${route.method} ${route.path} ${route.operation.summary ?? ''} ${(route.operation['x-roles'] ?? []).join(' ')}`.toLowerCase();
  return words.toLowerCase().split(/\s+/).every((word) => text.includes(word));
}
