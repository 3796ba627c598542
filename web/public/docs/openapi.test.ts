import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Document, describe, groupOf, groupsOf, inputsOf, isMatch } from './openapi.ts';

const document: Document = {
  openapi: '3.1.0',
  info: { title: 'FDVU', version: '0.1' },
  paths: {
    '/healthz': { get: { summary: 'Alive' } },
    '/api/v1/cases/{id}': {
      get: { summary: 'A case', 'x-roles': ['office', 'tenant'], parameters: [{ name: 'id', in: 'path', required: true, schema: { type: 'string', format: 'uuid' } }] },
    },
    '/api/v1/cases': {
      post: {
        summary: 'Report a fault',
        requestBody: { content: { 'application/json': { schema: {
          type: 'object', required: ['place'],
          properties: { place: { type: 'string', format: 'uuid' }, photos: { type: 'array', maxItems: 10, items: { type: 'string', pattern: '^[0-9a-f]{64}$' } } },
        } } } },
      },
    },
  },
};

test('routes are grouped by their first word', () => {
  assert.equal(groupOf('/api/v1/openapi.json'), 'openapi');
  assert.deepEqual(groupsOf(document).map((group) => [group.name, group.routes.map((route) => `${route.method} ${route.path}`)]), [
    ['', ['GET /healthz']],
    ['cases', ['GET /api/v1/cases/{id}', 'POST /api/v1/cases']],
  ]);
});

test('inputs of path, query and body are one table', () => {
  assert.deepEqual(inputsOf(document.paths['/api/v1/cases/{id}']!['get']!), [{ name: 'id', where: 'path', isRequired: true, meaning: 'uuid' }]);
  assert.deepEqual(inputsOf(document.paths['/api/v1/cases']!['post']!), [
    { name: 'place', where: 'body', isRequired: true, meaning: 'uuid' },
    { name: 'photos', where: 'body', isRequired: false, meaning: 'array of string, ^[0-9a-f]{64}$, at most 10' },
  ]);
});

test('limits are part of the description', () => {
  assert.equal(describe({ type: 'integer', minimum: 1, maximum: 500 }), 'integer, 1–500');
  assert.equal(describe(undefined), '');
});

test('finds routes by method, path, summary and role', () => {
  const [, cases] = groupsOf(document);
  assert.equal(isMatch(cases!.routes[0]!, 'get tenant'), true);
  assert.equal(isMatch(cases!.routes[1]!, 'get'), false);
});
