"use strict";
/*
 * The verify page: the same questions in the same order as `course badge verify`, asked in the browser.
 * It knows only what stands in this file: trust list, status lists, the shape of a badge, our own pictures.
 */
const KNOWN = JSON.parse(document.getElementById("known").textContent);
const SKEW = 300 * 1000;
const encoder = new TextEncoder();

class Refused extends Error {}

/* ---- bytes and text ---- */

const same = (bytes, start, wanted) => wanted.every((byte, i) => bytes[start + i] === byte);

function find(bytes, wanted, from = 0) {
  for (let start = from; start + wanted.length <= bytes.length; start++) {
    if (same(bytes, start, wanted)) return start;
  }
  return -1;
}

function joined(...parts) {
  const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

const ascii = (text) => [...encoder.encode(text)];
const hex = (bytes) => [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
const sha256 = async (bytes) => new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));

const ALPHABET = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz";

function fromBase58(text, size) {
  let number = 0n;
  for (const character of text) {
    const digit = ALPHABET.indexOf(character);
    if (digit < 0) throw new Refused("holds a character that base58 does not know");
    number = number * 58n + BigInt(digit);
  }
  const zeros = text.length - text.replace(/^1+/, "").length;
  let digits = number ? number.toString(16) : "";
  if (digits.length % 2) digits = "0" + digits;
  const bytes = new Uint8Array(zeros + digits.length / 2);
  for (let i = 0; i < digits.length / 2; i++) bytes[zeros + i] = parseInt(digits.slice(2 * i, 2 * i + 2), 16);
  if (bytes.length !== size) throw new Refused(`holds ${bytes.length} bytes where ${size} belong`);
  return bytes;
}

function fromBase64Url(text) {
  const plain = text.replace(/-/g, "+").replace(/_/g, "/");
  const binary = atob(plain + "=".repeat((4 - (plain.length % 4)) % 4));
  return Uint8Array.from(binary, (character) => character.charCodeAt(0));
}

function toBase64Url(bytes) {
  return btoa(String.fromCharCode(...bytes)).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
}

/* ---- taking the credential out of a picture ---- */

const PNG = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a];
const IHDR_END = 33;
const TEXT_HEAD = [...ascii("openbadgecredential"), 0, 0, 0, 0, 0];
const SVG_HEAD = ascii(KNOWN.svgHead);
const SVG_TAIL = ascii("]]></openbadges:credential>");
const CDATA_SPLIT = ascii("]]]]><![CDATA[>");

function crc32(bytes) {
  let sum = ~0;
  for (const byte of bytes) {
    sum ^= byte;
    for (let bit = 0; bit < 8; bit++) sum = sum & 1 ? (sum >>> 1) ^ 0xedb88320 : sum >>> 1;
  }
  return ~sum >>> 0;
}

function fromPng(data) {
  const view = new DataView(data.buffer, data.byteOffset, data.byteLength);
  const start = IHDR_END + 8;
  if (data.length < start + TEXT_HEAD.length + 4 || !same(data, IHDR_END + 4, ascii("iTXt"))) {
    throw new Refused("The PNG holds no credential right behind its header.");
  }
  const end = start + view.getUint32(IHDR_END);
  if (end + 4 > data.length || !same(data, start, TEXT_HEAD)) {
    throw new Refused("The PNG holds no credential right behind its header.");
  }
  if (view.getUint32(end) !== crc32(data.subarray(IHDR_END + 4, end))) {
    throw new Refused("The credential's checksum in the PNG is wrong: the file was damaged.");
  }
  return [data.slice(start + TEXT_HEAD.length, end), joined(data.subarray(0, IHDR_END), data.subarray(end + 4))];
}

function fromSvg(data) {
  const tag = find(data, ascii("<svg"));
  const open = tag < 0 ? -1 : find(data, ascii(">"), tag);
  if (open < 0) throw new Refused("The file is no JSON, PNG or SVG, so it is no badge.");
  const begin = open + 1;
  const end = find(data, SVG_TAIL, begin);
  if (end < 0 || find(data, SVG_HEAD) !== begin) {
    throw new Refused("The SVG holds no credential right behind its opening tag.");
  }
  const parts = [];
  let at = begin + SVG_HEAD.length;
  for (let cut = find(data, CDATA_SPLIT, at); cut >= 0 && cut < end; cut = find(data, CDATA_SPLIT, at)) {
    parts.push(data.slice(at, cut), Uint8Array.from(ascii("]]>")));
    at = cut + CDATA_SPLIT.length;
  }
  const picture = joined(data.subarray(0, begin), data.subarray(end + SVG_TAIL.length));
  return [joined(...parts, data.slice(at, end)), picture];
}

async function takeOut(data) {
  const first = data.find((byte) => ![0x20, 0x09, 0x0d, 0x0a].includes(byte));
  if (first === 0x7b) return data;
  const [credential, picture] = same(data, 0, PNG) ? fromPng(data) : fromSvg(data);
  if (!KNOWN.pictures.includes(hex(await sha256(picture)))) {
    throw new Refused("The picture around the credential is not this course's.");
  }
  return credential;
}

/* ---- JSON without numbers and without a name twice ---- */

function readJson(bytes) {
  if (bytes.length > KNOWN.maxBytes) throw new Refused(`The file has ${bytes.length} bytes; no badge is so large.`);
  let text;
  try {
    text = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    throw new Refused("The file is no JSON that a badge could be: it is not UTF-8.");
  }
  const refuse = (why) => {
    throw new Refused(`The file ${why}.`);
  };
  const space = /[ \t\r\n]*/y;
  const string = /"(?:[^"\\\u0000-\u001f]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*"/y;
  let at = 0;
  const skip = () => {
    space.lastIndex = at;
    space.exec(text);
    at = space.lastIndex;
  };
  const expect = (mark) => {
    skip();
    if (text[at] !== mark) refuse("is no JSON that a badge could be");
    at++;
  };
  const readString = () => {
    skip();
    string.lastIndex = at;
    const found = string.exec(text);
    if (!found) refuse("is no JSON that a badge could be, or holds a number");
    at = string.lastIndex;
    const value = JSON.parse(found[0]);
    if (!value.isWellFormed()) refuse("is no JSON that a badge could be: half a character");
    return value;
  };
  const readValue = (depth) => {
    if (depth > KNOWN.maxDepth) refuse("is nested deeper than a badge");
    skip();
    if (text[at] === "{") return readMembers(depth);
    if (text[at] === "[") return readItems(depth);
    for (const [word, value] of [["true", true], ["false", false], ["null", null]]) {
      if (text.startsWith(word, at)) {
        at += word.length;
        return value;
      }
    }
    return readString();
  };
  const readMembers = (depth) => {
    const members = new Map();
    at++;
    skip();
    if (text[at] === "}") {
      at++;
      return Object.create(null);
    }
    for (;;) {
      const name = readString();
      if (members.has(name)) refuse("says one name twice in one object");
      expect(":");
      members.set(name, readValue(depth + 1));
      skip();
      if (text[at] === ",") at++;
      else break;
    }
    expect("}");
    const found = Object.create(null);
    for (const [name, value] of members) found[name] = value;
    return found;
  };
  const readItems = (depth) => {
    const items = [];
    at++;
    skip();
    if (text[at] === "]") {
      at++;
      return items;
    }
    for (;;) {
      items.push(readValue(depth + 1));
      skip();
      if (text[at] === ",") at++;
      else break;
    }
    expect("]");
    return items;
  };
  const value = readValue(1);
  skip();
  if (at !== text.length) refuse("is no JSON that a badge could be: something follows it");
  return value;
}

/* ---- the closed shape ---- */

const isObject = (value) => typeof value === "object" && value !== null && !Array.isArray(value);

function canonical(value) {
  if (Array.isArray(value)) return "[" + value.map(canonical).join(",") + "]";
  if (!isObject(value)) return JSON.stringify(value);
  return "{" + Object.keys(value).sort().map((key) => JSON.stringify(key) + ":" + canonical(value[key])).join(",") + "}";
}

function fits(schema, value) {
  if ("const" in schema) return canonical(value) === canonical(schema.const);
  if (schema.type === "string") {
    return typeof value === "string" && [...value].length <= schema.maxLength && new RegExp(schema.pattern, "u").test(value);
  }
  if (schema.type === "array") {
    if (!Array.isArray(value) || value.length < schema.minItems || value.length > schema.maxItems) return false;
    return value.every((item, i) => fits(schema.prefixItems ? schema.prefixItems[i] : schema.items, item));
  }
  return (
    isObject(value) &&
    schema.required.every((name) => name in value) &&
    Object.keys(value).every((name) => Object.hasOwn(schema.properties, name) && fits(schema.properties[name], value[name]))
  );
}

function moment(text) {
  const time = new Date(text);
  const real = !Number.isNaN(time.getTime()) && time.toISOString() === text.replace("Z", ".000Z");
  return real && !text.startsWith("0000") ? time.getTime() : NaN;
}

const areMoments = (...texts) => texts.every((text) => !Number.isNaN(moment(text)));
const ownMethod = (document_, issuer) =>
  document_.proof.every((proof) => proof.verificationMethod === `${issuer}#${issuer.slice("did:key:".length)}`);

function badgeProblem(badge) {
  if (!fits(KNOWN.badgeSchema, badge)) return "does not have the shape of a badge of this course";
  const { achievement, result } = badge.credentialSubject;
  const described = achievement.resultDescription;
  const status = badge.credentialStatus;
  const created = badge.proof.map((proof) => proof.created);
  if (!areMoments(badge.awardedDate, badge.validFrom, ...created)) return "names a moment that never was";
  if (badge.awardedDate > badge.validFrom) return "was awarded after it was issued";
  if (canonical(result.map((each) => each.resultDescription)) !== canonical(described.map((each) => each.id))) {
    return "has other results than the achievement describes";
  }
  if (new Set(described.map((each) => each.id)).size !== described.length) return "describes one result twice";
  if (badge.evidence.length !== result.length) return "does not have one piece of evidence a result";
  const short = result.findIndex(
    (each, i) => !(Number(described[i].requiredValue) <= Number(each.value) && Number(each.value) <= 100),
  );
  if (short >= 0) return `says ${result[short].value} % in ${described[short].name}, where ${described[short].requiredValue} % pass`;
  if (status.id !== `${status.statusListCredential}#${status.statusListIndex}`) return "names two places in the status list";
  if (Number(status.statusListIndex) >= KNOWN.bits) return "names a place behind the end of the status list";
  return ownMethod(badge, badge.issuer.id) ? "" : "is signed by another key than its issuer's";
}

/* ---- the canonical N-Quads of our closed shapes (RDFC-1.0 of JSON-LD); any other term is refused before ---- */

const OB = "https://purl.imsglobal.org/spec/vc/ob/vocab.html#";
const VC = "https://www.w3.org/2018/credentials#";
const SCHEMA = "https://schema.org/";
const STATUS = "https://www.w3.org/ns/credentials/status#";
const SECURITY = "https://w3id.org/security#";
const XSD = "http://www.w3.org/2001/XMLSchema#";
const OTHER_XSD = "https://www.w3.org/2001/XMLSchema#"; // so the context of Open Badges writes it
const RDF_TYPE = "<http://www.w3.org/1999/02/22-rdf-syntax-ns#type>";

const named = (place, names) => names.split(" ").map((name) => [name, place + name]);
const TERMS = Object.fromEntries([
  ...named(VC, "credentialSchema credentialStatus credentialSubject evidence issuer validFrom validUntil"),
  ...named(SCHEMA, "name description url caption genre value targetFramework targetName targetUrl"),
  ...named(OB, "achievement achievementType alignment awardedDate hashed identifier identityHash identityType image narrative"),
  ...named(OB, "requiredValue result resultDescription resultType salt status targetType valueMax valueMin version"),
  ...named(STATUS, "encodedList statusListCredential statusListIndex statusPurpose"),
  ...named(SECURITY, "cryptosuite digestMultibase proofPurpose verificationMethod"),
  ["criteria", OB + "Criteria"],
  ["created", "http://purl.org/dc/terms/created"],
]);
const TYPES = Object.fromEntries([
  ...named(OB, "Achievement AchievementSubject Evidence IdentityObject Image OpenBadgeCredential Profile Result ResultDescription"),
  ...named(STATUS, "BitstringStatusList BitstringStatusListCredential BitstringStatusListEntry"),
  ["Alignment", SCHEMA + "AlignmentObject"],
  ["DataIntegrityProof", SECURITY + "DataIntegrityProof"],
  ["VerifiableCredential", VC + "VerifiableCredential"],
  ["1EdTechJsonSchemaValidator2019", "https://purl.imsglobal.org/spec/vccs/v1p0/context.json#1EdTechJsonSchemaValidator2019"],
]);
const DATATYPES = {
  awardedDate: "xsd:dateTime",
  created: XSD + "dateTime",
  cryptosuite: SECURITY + "cryptosuiteString",
  digestMultibase: SECURITY + "multibase",
  encodedList: SECURITY + "multibase",
  hashed: OTHER_XSD + "boolean",
  resultDescription: OTHER_XSD + "anyURI",
  targetUrl: OTHER_XSD + "anyURI",
  url: OTHER_XSD + "anyURI",
  validFrom: XSD + "dateTime",
  validUntil: XSD + "dateTime",
};
const LINKS = new Set(["issuer", "proofPurpose", "statusListCredential", "verificationMethod"]);
const ESCAPES = { "\\": "\\\\", '"': '\\"', "\n": "\\n" };

const asList = (value) => (Array.isArray(value) ? value : [value]);

function literal(name, value) {
  const text = `"${String(value).replace(/[\\"\n]/g, (mark) => ESCAPES[mark])}"`;
  return name in DATATYPES ? `${text}^^<${DATATYPES[name]}>` : text;
}

function collect(node, quads, blanks) {
  const subject = node.id === undefined ? `_:b${blanks.length}` : `<${node.id}>`;
  if (node.id === undefined) blanks.push(subject);
  for (const [name, value] of Object.entries(node)) {
    if (name === "id" || name === "@context") continue;
    for (const each of asList(value)) {
      if (name === "type") quads.push([subject, RDF_TYPE, `<${TYPES[each]}>`]);
      else if (isObject(each)) quads.push([subject, `<${TERMS[name]}>`, collect(each, quads, blanks)]);
      else if (name === "proofPurpose") quads.push([subject, `<${TERMS[name]}>`, `<${SECURITY}${each}>`]);
      else quads.push([subject, `<${TERMS[name]}>`, LINKS.has(name) ? `<${each}>` : literal(name, each)]);
    }
  }
  return subject;
}

function byCodePoint(one, other) {
  const [left, right] = [one, other].map((text) => encoder.encode(text)); // UTF-8 sorts as code points do
  const at = left.findIndex((byte, i) => byte !== right[i]);
  return at < 0 ? left.length - right.length : right[at] === undefined ? 1 : left[at] - right[at];
}

const lines = (quads, label) => {
  const written = quads.map((quad) => quad.map((part) => (part.startsWith("_:") ? label(part) : part)).join(" ") + " .\n");
  return [...new Set(written)].sort(byCodePoint).join("");
};

async function nQuads(document_) {
  const quads = [];
  const blanks = [];
  collect(document_, quads, blanks);
  const hashes = new Map();
  for (const blank of blanks) {
    const own = quads.filter((quad) => quad.includes(blank));
    hashes.set(hex(await digest(lines(own, (part) => (part === blank ? "_:a" : "_:z")))), blank);
  }
  if (hashes.size !== blanks.length) throw new Refused("Two parts of the badge cannot be told apart.");
  const labels = new Map([...hashes.keys()].sort().map((hash, i) => [hashes.get(hash), `_:c14n${i}`]));
  return lines(quads, (part) => labels.get(part));
}

/* ---- proofs, dates, status, recipient ---- */

function publicKey(did) {
  const bytes = fromBase58(did.slice("did:key:z".length), 34);
  if (bytes[0] !== 0xed || bytes[1] !== 0x01) throw new Refused("The issuer's key is no Ed25519 key.");
  return crypto.subtle.importKey("raw", bytes.subarray(2), { name: "Ed25519" }, false, ["verify"]);
}

const without = (object, name) => Object.fromEntries(Object.entries(object).filter(([key]) => key !== name));
const digest = (text) => sha256(encoder.encode(text));

async function signed(document_, proof) {
  const options = without(proof, "proofValue");
  const bare = without(document_, "proof");
  if (proof.cryptosuite === "eddsa-jcs-2022") return joined(await digest(canonical(options)), await digest(canonical(bare)));
  return joined(await digest(await nQuads(options)), await digest(await nQuads(bare)));
}

async function proofHolds(document_, proof, issuer) {
  try {
    const signature = fromBase58(proof.proofValue.slice(1), 64);
    const message = await signed(document_, proof);
    return await crypto.subtle.verify({ name: "Ed25519" }, await publicKey(issuer), signature, message);
  } catch (error) {
    if (error instanceof Refused) return false;
    throw error;
  }
}

async function brokenProof(document_, issuer) {
  for (const proof of [...document_.proof].reverse()) {
    if (!(await proofHolds(document_, proof, issuer))) return proof.cryptosuite;
  }
  return "";
}

async function unpack(text) {
  const packed = new Blob([fromBase64Url(text.slice(1))]).stream().pipeThrough(new DecompressionStream("gzip"));
  const reader = packed.getReader();
  const bits = new Uint8Array(KNOWN.bits / 8);
  let at = 0;
  for (let part = await reader.read(); !part.done; part = await reader.read()) {
    if (at + part.value.length > bits.length) throw new Refused("The status list is too long.");
    bits.set(part.value, at);
    at += part.value.length;
  }
  if (at !== bits.length) throw new Refused("The status list is too short.");
  return bits;
}

async function readList(list) {
  if (!fits(KNOWN.listSchema, list)) return null;
  const created = list.proof.map((proof) => proof.created);
  const right = areMoments(list.validFrom, list.validUntil, ...created) && list.credentialSubject.id === `${list.id}#list`;
  if (!right || !ownMethod(list, list.issuer) || (await brokenProof(list, list.issuer))) return null;
  try {
    return { list, bits: await unpack(list.credentialSubject.encodedList) };
  } catch {
    return null;
  }
}

async function checkStatus(badge, now) {
  const status = badge.credentialStatus;
  const index = Number(status.statusListIndex);
  const own = KNOWN.statusLists.filter((list) => list.id === status.statusListCredential && list.issuer === badge.issuer.id);
  const read = (await Promise.all(own.map(readList))).filter(Boolean);
  if (read.some(({ bits }) => bits[index >> 3] & (0x80 >> (index & 7)))) return ["invalid", "Its issuer has revoked it."];
  const fresh = read.filter(({ list }) => moment(list.validFrom) <= now + SKEW && moment(list.validUntil) >= now - SKEW);
  if (fresh.length) return ["valid", "A trusted issuer signed it, and it is not revoked."];
  if (read.length) {
    const newest = read.map(({ list }) => list.validUntil).sort().at(-1);
    return ["status unknown", `The status list of this page is out of date since ${newest}; get the page anew from the issuer.`];
  }
  return ["status unknown", "Signed by a trusted issuer, but this page has no status list that says whether it is revoked."];
}

function trustProblem(key, badge) {
  if (!key || key.state === "active") return "";
  if (key.state === "withdrawn") return "Its issuer has withdrawn the key that signed it; ask for a new badge.";
  const latest = Math.max(...badge.proof.map((proof) => moment(proof.created)));
  return latest > moment(key.until) + SKEW ? "It was signed after its issuer had stopped using this key." : "";
}

async function recipientProblem(badge, email, notebook) {
  if (email) {
    const [identity] = badge.credentialSubject.identifier ?? [];
    if (!identity) return "It names no e-mail, so it cannot be compared with one.";
    const digest = hex(await sha256(encoder.encode(email.trim().toLowerCase() + identity.salt)));
    if (identity.identityHash !== `sha256$${digest}`) return "It was issued to another e-mail.";
  }
  if (notebook) {
    const digest = "u" + toBase64Url(joined(Uint8Array.of(0x12, 0x20), await sha256(notebook)));
    if (!badge.evidence.some((each) => each.digestMultibase === digest)) {
      return "The notebook is none of those that were graded for it.";
    }
  }
  return "";
}

async function verify(data, { email = "", notebook = null, now = Date.now() } = {}) {
  let badge = null;
  try {
    if (data.length > KNOWN.maxFile) throw new Refused("The file is larger than any badge.");
    const document_ = readJson(await takeOut(data));
    const problem = badgeProblem(document_);
    if (problem) throw new Refused(`The badge ${problem}.`);
    badge = document_;
    const key = KNOWN.trust[badge.issuer.id];
    const broken = trustProblem(key, badge);
    if (broken) throw new Refused(broken);
    const suite = await brokenProof(badge, badge.issuer.id);
    if (suite) throw new Refused(`It was changed after it was signed, or signed by another key (${suite}).`);
    const moments = [badge.validFrom, ...badge.proof.map((proof) => proof.created)];
    if (moments.some((text) => moment(text) > now + SKEW)) throw new Refused(`It is valid from ${badge.validFrom} on only.`);
    const recipient = await recipientProblem(badge, email, notebook);
    if (recipient) throw new Refused(recipient);
    if (!key) {
      const reason = "Signed and unchanged, but by an issuer that this page does not know.";
      return { verdict: "unknown issuer", reason, badge, issuer: "" };
    }
    const [verdict, reason] = await checkStatus(badge, now);
    return { verdict, reason, badge, issuer: key.name };
  } catch (error) {
    if (error instanceof Refused) return { verdict: "invalid", reason: error.message, badge, issuer: "" };
    throw error;
  }
}

/* ---- the page ---- */

const TITLES = {
  valid: "Valid",
  invalid: "Not valid",
  "unknown issuer": "Unknown issuer",
  "status unknown": "Status unknown",
};
const MARKS = { valid: "✓", invalid: "✗", "unknown issuer": "?", "status unknown": "?" };
const part = (id) => document.getElementById(id);
let last = null;

function row(list, name, value) {
  const term = document.createElement("dt");
  const detail = document.createElement("dd");
  term.textContent = name;
  detail.textContent = value;
  list.append(term, detail);
}

function show({ verdict, reason, badge, issuer }) {
  const list = part("says");
  list.replaceChildren();
  part("result").hidden = false;
  part("result").dataset.verdict = verdict;
  part("mark").textContent = MARKS[verdict];
  part("verdict").textContent = TITLES[verdict];
  part("reason").textContent = reason;
  part("claims").hidden = !badge;
  if (badge) {
    const { credentialSubject: subject } = badge;
    row(list, "Badge", badge.name);
    row(list, "Holder", subject.name ?? subject.id);
    row(list, "Awarded", badge.awardedDate);
    row(list, "Issued", badge.validFrom);
    row(list, "Issuer says", badge.issuer.name);
    row(list, "Trusted as", issuer || "nobody: the issuer's name above is only a claim");
    row(list, "Key", badge.issuer.id);
    row(list, "Id", badge.id);
    subject.achievement.resultDescription.forEach((described, i) => {
      row(list, described.name, `${subject.result[i].value} % (required ${described.requiredValue} %)`);
      row(list, "Its notebook", badge.evidence[i].digestMultibase);
    });
  }
  part("result").focus();
}

async function check() {
  if (!last) return;
  const notebook = part("notebook").files[0];
  try {
    const more = { email: part("email").value, notebook: notebook ? new Uint8Array(await notebook.arrayBuffer()) : null };
    show(await verify(new Uint8Array(await last.arrayBuffer()), more));
  } catch (error) {
    part("result").hidden = false;
    part("result").dataset.verdict = "none";
    part("claims").hidden = true;
    part("mark").textContent = "!";
    part("verdict").textContent = "Not checked";
    part("reason").textContent = `This browser cannot check Ed25519 signatures (${error.name}). Use a newer one, or the command: course badge verify`;
  }
}

function take(file) {
  last = file;
  return check();
}

part("file").addEventListener("change", (event) => event.target.files[0] && take(event.target.files[0]));
part("again").addEventListener("click", check);
for (const name of ["dragover", "dragenter"]) {
  document.addEventListener(name, (event) => {
    event.preventDefault();
    part("drop").classList.add("over");
  });
}
document.addEventListener("dragleave", () => part("drop").classList.remove("over"));
document.addEventListener("drop", (event) => {
  event.preventDefault();
  part("drop").classList.remove("over");
  const file = event.dataTransfer.files[0];
  if (!file) return;
  part("file").files = event.dataTransfer.files;
  take(file);
});
document.addEventListener("paste", (event) => {
  const text = event.clipboardData.getData("text/plain");
  if (text && event.target.tagName !== "INPUT") take(new Blob([text]));
});
