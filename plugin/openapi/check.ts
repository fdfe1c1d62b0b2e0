import { readFileSync } from 'node:fs';
import { makeArtifacts, urlOf } from './artifacts.ts';
import { complaintsOf } from './complaints.ts';

const complaints = await complaintsOf(await makeArtifacts(), (path) => readFileSync(urlOf(path), 'utf8'));
for (const complaint of complaints) console.error(complaint);
process.exitCode = complaints.length === 0 ? 0 : 1;
