import { writeFileSync } from 'node:fs';
import { makeArtifacts, urlOf } from './artifacts.ts';

for (const [path, text] of Object.entries(await makeArtifacts())) writeFileSync(urlOf(path), text);
