// Walks an RPDE feed with the validator of OpenActive.
// Usage: node rpde-check.mjs URL [PAGES] -> {"pages": N, "failures": [...], "warnings": [...]}

import rpde from '@openactive/rpde-validator';

const [url, pages] = process.argv.slice(2);
const log = await rpde.RpdeValidator(url, { pageLimit: Number(pages ?? 20), timeoutMs: 10000 });
const found = log.pages.flatMap((page) => page.errors.map((error) => ({ url: page.url, ...error.data })));
const told = (severity) =>
  found.filter((one) => one.severity === severity).map(({ url: page, type, message }) => ({ page, type, message }));
process.stdout.write(
  JSON.stringify({ pages: log.pages.length, failures: told('failure'), warnings: told('warning') }),
);
