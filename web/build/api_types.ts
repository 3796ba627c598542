/* Writes shared/api.gen.ts from the API document, docs/api/openapi.json, when the repository holds one. */
import { existsSync, writeFileSync } from 'node:fs';
import openapiTS, { astToString } from 'openapi-typescript';

const input = new URL('../../docs/api/openapi.json', import.meta.url);
const output = new URL('../shared/api.gen.ts', import.meta.url);

if (existsSync(input)) writeFileSync(output, astToString(await openapiTS(input)));
