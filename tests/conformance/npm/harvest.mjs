// Follows an RPDE feed to its end with the harvester of OpenActive.
// Usage: node harvest.mjs URL -> {"ended": bool, "error": string|null, "pages": N, "held": {"<id>": modified, ...}}

import harvesting from '@openactive/harvesting-utils';

const [baseUrl] = process.argv.slice(2);
const held = new Map();
let pages = 0;

function tell(ended, error) {
  const told = JSON.stringify({ ended, error, pages, held: Object.fromEntries(held) });
  process.stdout.write(told, () => process.exit(0));
}

function take({ state, id, modified }) {
  if (state === 'deleted') held.delete(id);
  else held.set(id, modified);
}

const { error } = await harvesting.harvestRPDE({
  baseUrl,
  feedContextIdentifier: 'feed',
  headers: async () => ({}),
  isOrdersFeed: false,
  loggingFns: { log: () => {}, logError: () => {}, logErrorDuringHarvest: () => {} },
  processPage: async ({ rpdePage }) => {
    pages += 1;
    rpdePage.items.forEach(take);
  },
  onReachedEndOfFeed: async () => tell(true, null),
  onRetryDueToHttpError: async (address, _headers, status) => tell(false, `${address} answered ${status}`),
});
tell(false, `${error.type}: ${JSON.stringify(error.rpdeValidationErrors ?? error.message ?? '')}`);
