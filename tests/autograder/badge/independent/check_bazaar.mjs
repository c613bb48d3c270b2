// Checks credentials with Digital Bazaar's libraries: signature by both suites, and the status list.
// Reads a job as JSON from standard input, prints a verdict for each credential. Loads nothing from a network.
import * as DidKey from "@digitalbazaar/did-method-key";
import * as Ed25519Multikey from "@digitalbazaar/ed25519-multikey";
import { CachedResolver } from "@digitalbazaar/did-io";
import { DataIntegrityProof } from "@digitalbazaar/data-integrity";
import { checkStatus } from "@digitalbazaar/vc-bitstring-status-list";
import { contexts as credentialContexts } from "@digitalbazaar/credentials-context";
import dataIntegrityContext from "@digitalbazaar/data-integrity-context";
import multikeyContext from "@digitalbazaar/multikey-context";
import { cryptosuite as rdfc } from "@digitalbazaar/eddsa-rdfc-2022-cryptosuite";
import { createVerifyCryptosuite } from "@digitalbazaar/eddsa-jcs-2022-cryptosuite";
import { verifyCredential } from "@digitalbazaar/vc";
import { readFileSync } from "node:fs";

const job = JSON.parse(readFileSync(0, "utf8")); // contexts: address -> document; lists: id -> credential; credentials
const known = new Map([
  ...credentialContexts,
  ...dataIntegrityContext.contexts,
  ...multikeyContext.contexts,
  ...Object.entries(job.contexts),
  ...Object.entries(job.lists),
]);
const keys = DidKey.driver();
keys.use({ multibaseMultikeyHeader: "z6Mk", fromMultibase: Ed25519Multikey.from });
const dids = new CachedResolver();
dids.use(keys);

async function documentLoader(url) {
  if (url.startsWith("did:")) return { contextUrl: null, documentUrl: url, document: await dids.get({ did: url, url }) };
  if (!known.has(url)) throw new Error(`nothing is loaded from ${url}`);
  return { contextUrl: null, documentUrl: url, document: structuredClone(known.get(url)) };
}

const suite = [rdfc, createVerifyCryptosuite()].map((cryptosuite) => new DataIntegrityProof({ cryptosuite }));

async function check(credential) {
  const said = await verifyCredential({ credential, suite, documentLoader, checkStatus });
  const proofs = Object.fromEntries((said.results ?? []).map((each) => [each.proof.cryptosuite, each.verified]));
  const [status] = said.statusResult?.results ?? [];
  const revoked = status ? status.status : null;
  const errors = [said.error, ...(said.error?.errors ?? []), said.statusResult?.error].filter(Boolean);
  return { valid: said.verified && revoked === false, proofs, revoked, errors: errors.map(String) };
}

const verdicts = [];
for (const credential of job.credentials) verdicts.push(await check(credential));
process.stdout.write(JSON.stringify(verdicts));
