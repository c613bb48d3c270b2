// Checks credentials with the Digital Credentials Consortium's libraries: its verifier gives the verdict, and its
// libraries check each proof. It has no suite for eddsa-jcs-2022, so its libraries are given Digital Bazaar's.
// Reads a job as JSON from standard input, prints a verdict for each credential. Loads nothing from a network.
import { DataIntegrityProof } from "@digitalcredentials/data-integrity";
import { cryptosuite as rdfc } from "@digitalcredentials/eddsa-rdfc-2022-cryptosuite";
import { createVerifyCryptosuite } from "@digitalbazaar/eddsa-jcs-2022-cryptosuite";
import { securityLoader } from "@digitalcredentials/security-document-loader";
import * as vc from "@digitalcredentials/vc";
import { verifyCredential } from "@digitalcredentials/verifier-core";
import { readFileSync } from "node:fs";

const job = JSON.parse(readFileSync(0, "utf8")); // contexts: address -> document; lists: id -> credential; credentials
const known = new Map([...Object.entries(job.contexts), ...Object.entries(job.lists)]);

globalThis.fetch = async (request) => {
  const url = request.url ?? String(request);
  const found = known.get(url);
  return new Response(JSON.stringify(found ?? null), { status: found ? 200 : 404 });
};
console.log = console.error; // the verifier says there that it has no JSON Schema; the schema is another test's matter

const documentLoader = securityLoader({ fetchRemoteContexts: true }).build();
const suite = [rdfc, createVerifyCryptosuite()].map((cryptosuite) => new DataIntegrityProof({ cryptosuite }));
const checkStatus = () => ({ verified: true }); // only the proofs are asked for here

async function check(credential) {
  const options = { suite, documentLoader, checkStatus, verifyMatchingIssuers: false };
  const proven = await vc.verifyCredential({ credential: structuredClone(credential), ...options });
  const proofs = Object.fromEntries((proven.results ?? []).map((each) => [each.proof.cryptosuite, each.verified]));
  const said = await verifyCredential({ credential: structuredClone(credential), knownDIDRegistries: [] });
  const steps = Object.fromEntries((said.log ?? []).map((step) => [step.id, step]));
  const status = steps.revocation_status;
  const errors = [...(said.errors ?? []), status?.error].filter(Boolean).map((each) => `${each.name}: ${each.message}`);
  const whole = ["valid_signature", "expiration", "revocation_status"].every((id) => steps[id]?.valid === true);
  const valid = proven.verified && whole && !errors.length;
  return { valid, proofs, revoked: status && !status.error ? !status.valid : null, errors };
}

const verdicts = [];
for (const credential of job.credentials) verdicts.push(await check(credential));
process.stdout.write(JSON.stringify(verdicts));
