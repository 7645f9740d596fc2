// Reads the HTML pages of a folder as a search engine does and judges their structured data by Google's rules.
// Usage: node job-postings.mjs FOLDER -> {"<page>": {"postings": [...], "errors": [...], "warnings": [...]}, ...}

import { readFile, readdir } from 'node:fs/promises';
import { join } from 'node:path';

import Validator from '@adobe/structured-data-validator';
import WebAutoExtractor from '@marbec/web-auto-extractor';

// Google takes a list of places; the validator looks into one place only, so each is shown to it in turn.
function byPlace(posting) {
  const places = Array.isArray(posting.jobLocation) ? posting.jobLocation : [undefined];
  return places.map((place) => (place === undefined ? posting : { ...posting, jobLocation: place }));
}

async function judged(html) {
  const read = new WebAutoExtractor({ addLocation: true, embedSource: ['rdfa', 'microdata'] }).parse(html);
  const postings = read.jsonld.JobPosting ?? [];
  const bare = postings.map(({ '@location': _location, ...posting }) => posting);
  if (postings.length > 0) read.jsonld.JobPosting = postings.flatMap(byPlace);
  const issues = await new Validator().validate(read);
  const told = (severity) => [...new Set(issues.filter((one) => one.severity === severity).map((one) => one.issueMessage))];
  return { postings: bare, errors: told('ERROR'), warnings: told('WARNING') };
}

const [folder] = process.argv.slice(2);
const verdicts = {};
for (const name of (await readdir(folder)).sort()) {
  verdicts[name] = await judged(await readFile(join(folder, name), 'utf-8'));
}
process.stdout.write(JSON.stringify(verdicts));
