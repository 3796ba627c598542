import { test } from 'node:test';
import { browser } from './browser.ts';
import { writeFileSync } from 'node:fs';
