// Checks a certificate with nothing but this page: the file's signature (CMS in the PDF), the credential it carries (VC-JWT, Ed25519),
// the status list and the signed Merkle root. Works from file:// without a network. It does what certificates/offline.py does.

const read = (id) => JSON.parse(document.getElementById(id).textContent);
const bundle = read("bundle"), words = read("words"), labels = read("labels");
const subtle = globalThis.crypto?.subtle;
const SHA = (bytes) => subtle.digest("SHA-256", bytes).then((found) => new Uint8Array(found));
const hex = (bytes) => Array.from(bytes, (one) => one.toString(16).padStart(2, "0")).join("");
const fromHex = (text) => Uint8Array.from(text.match(/../g) ?? [], (pair) => parseInt(pair, 16));
const from64 = (text) => Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), (sign) => sign.charCodeAt(0));
const joined = (...parts) => {
  const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) { whole.set(part, at); at += part.length; }
  return whole;
};
const same = (one, other) => one.length === other.length && one.every((byte, at) => byte === other[at]);

// --- DER ---------------------------------------------------------------------------------------------------------------

function node(bytes, at) {
  let length = bytes[at + 1], head = 2;
  if (length & 0x80) {
    const count = length & 0x7f;
    if (!count || count > 4) throw new Error("length");
    length = 0;
    for (let step = 0; step < count; step += 1) length = length * 256 + bytes[at + 2 + step];
    head += count;
  }
  const end = at + head + length;
  if (end > bytes.length) throw new Error("length");
  return { tag: bytes[at], from: at, body: at + head, end, bytes };
}

function children(parent) {
  const found = [];
  for (let at = parent.body; at < parent.end; at = found[found.length - 1].end) found.push(node(parent.bytes, at));
  return found;
}

const raw = (one) => one.bytes.subarray(one.from, one.end);
const value = (one) => one.bytes.subarray(one.body, one.end);
const pem = (text) => from64(text.split("-----BEGIN CERTIFICATE-----")[1].split("-----END")[0].replace(/\s/g, ""));

async function publicKey(certificate) {
  const fields = children(children(node(certificate, 0))[0]);
  const spki = raw(fields[fields[0].tag === 0xa0 ? 6 : 5]);
  const text = hex(spki);
  if (text.includes("06072a8648ce3d0201")) return subtle.importKey("spki", spki, { name: "ECDSA", namedCurve: "P-256" }, false, ["verify"]);
  return subtle.importKey("spki", spki, { name: "RSASSA-PKCS1-v1_5", hash: "SHA-256" }, false, ["verify"]);
}

function plainSignature(der) { // SEQUENCE of two numbers → 64 bytes
  return joined(...children(node(der, 0)).map((number) => {
    const body = value(number);
    const trimmed = body.length > 32 ? body.subarray(body.length - 32) : body;
    return joined(new Uint8Array(32 - trimmed.length), trimmed);
  }));
}

// --- the file's signature ----------------------------------------------------------------------------------------------

function latin(bytes) {
  let text = "";
  for (let at = 0; at < bytes.length; at += 32768) text += String.fromCharCode(...bytes.subarray(at, at + 32768));
  return text;
}

function signatureIn(bytes, text) {
  const ranges = [...text.matchAll(/\/ByteRange ?\[ ?0 +(\d{1,10}) +(\d{1,10}) +(\d{1,10}) *\]/g)];
  if (ranges.length === 0) return null;
  const [first, second, length] = ranges[ranges.length - 1].slice(1).map(Number);
  if (!(first > 0 && first < second && second <= bytes.length)) return null;
  const digits = text.slice(first + 1, second - 1);
  if (!/^([0-9A-F]{2})+$/.test(digits)) return null;
  const padded = fromHex(digits);
  const whole = ranges.length === 1 && second + length === bytes.length && bytes[first] === 0x3c && bytes[second - 1] === 0x3e;
  const outer = node(padded, 0);
  const rest = padded.subarray(outer.end);
  const signed = children(children(children(outer)[1])[0]);
  const certificates = children(signed.find((one) => one.tag === 0xa0));
  const infos = children(signed[signed.length - 1]);
  if (infos.length !== 1) return null;
  return { whole: whole && rest.every((byte) => byte === 0), certificate: raw(certificates[0]), info: children(infos[0]),
    covered: joined(bytes.subarray(0, first), bytes.subarray(second, second + length)) };
}

async function signatureHolds(found, certificate) {
  const attributes = found.info.find((one) => one.tag === 0xa0);
  const body = joined(new Uint8Array([0x31]), raw(attributes).subarray(1));
  const wanted = children(attributes).map(children).find(([name]) => hex(value(name)) === "2a864886f70d010904");
  if (!found.whole || !wanted || !same(value(children(wanted[1])[0]), await SHA(found.covered))) return false;
  const after = found.info.slice(found.info.indexOf(attributes) + 1);
  const signature = value(after.find((one) => one.tag === 0x04));
  const key = await publicKey(certificate);
  if (key.algorithm.name === "ECDSA") return subtle.verify({ name: "ECDSA", hash: "SHA-256" }, key, plainSignature(signature), body);
  return subtle.verify("RSASSA-PKCS1-v1_5", key, signature, body);
}

// --- tokens ------------------------------------------------------------------------------------------------------------

function tokenIn(bytes, text) {
  if (text.startsWith("eyJ")) return text.trim();
  const at = Math.max(text.lastIndexOf("stream\neyJ"), text.lastIndexOf("stream\r\neyJ"));
  if (at < 0) return null;
  const found = /^[\w.-]+/.exec(text.slice(text.indexOf("eyJ", at), text.indexOf("eyJ", at) + 20000));
  return found && found[0].split(".").length === 3 ? found[0] : null;
}

async function opened(token, kind) { // the payload; null: unknown key; throws: changed
  const [head, body, signature] = token.split(".");
  const said = JSON.parse(new TextDecoder().decode(from64(head)));
  if (said.typ !== kind || said.alg !== "EdDSA") throw new Error("kind");
  const [issuer, name] = said.kid.split("#");
  const known = bundle.keys.find((key) => key.kid === name);
  if (!known) return null;
  const key = await subtle.importKey("jwk", { kty: "OKP", crv: "Ed25519", x: known.x }, { name: "Ed25519" }, false, ["verify"]);
  if (!(await subtle.verify({ name: "Ed25519" }, key, from64(signature), new TextEncoder().encode(`${head}.${body}`)))) throw new Error("changed");
  const payload = JSON.parse(new TextDecoder().decode(from64(body)));
  if (payload.iss !== issuer) throw new Error("issuer");
  return payload;
}

async function ended(entry) {
  for (const token of bundle.status) {
    const listed = await opened(token, "statuslist+jwt").catch(() => null);
    if (listed?.id !== entry.statusListCredential) continue;
    const packed = new Blob([from64(listed.credentialSubject.encodedList.slice(1))]).stream().pipeThrough(new DecompressionStream("gzip"));
    const bits = new Uint8Array(await new Response(packed).arrayBuffer()), place = Number(entry.statusListIndex);
    return Boolean(bits[place >> 3] & (128 >> (place % 8)));
  }
  return null;
}

async function merkleRoot(leaves) {
  let level = [...leaves].sort().map(fromHex);
  while (level.length > 1) {
    const above = [];
    for (let at = 0; at < level.length; at += 2) above.push(at + 1 < level.length ? await SHA(joined(new Uint8Array([1]), level[at], level[at + 1])) : level[at]);
    level = above;
  }
  return hex(level[0]);
}

async function covered(bytes) {
  const leaf = hex(await SHA(joined(new Uint8Array([0]), await SHA(bytes))));
  for (const root of bundle.roots) {
    if (!root.leaves.includes(leaf)) continue;
    const said = await opened(root.token, "laurel-root+jwt").catch(() => null);
    if (said && said.size === root.leaves.length && said.root === await merkleRoot(root.leaves)) return true;
  }
  return false;
}

// --- the verdict -------------------------------------------------------------------------------------------------------

async function checkToken(token, passed) {
  let said;
  try { said = await opened(token, "vc+jwt"); } catch { return { code: "altered", passed, failed: "credential" }; }
  if (!said) return { code: "key_unknown", passed, failed: "credential" };
  const named = Object.fromEntries(said.credentialSubject.identifier.map((one) => [one.identityType, one.identityHash]));
  const facts = { number: named["ext:certificateNumber"], name: named.name, title: said.name, issuer: said.issuer.name, valid_from: said.validFrom.slice(0, 10) };
  const over = await ended(said.credentialStatus);
  if (over === null) return { code: "incomplete", passed: [...passed, "credential"], failed: "status", facts };
  if (over) return { code: "ended", passed: [...passed, "credential"], failed: "status", facts };
  return { code: "genuine", passed: [...passed, "credential", "status"], facts };
}

async function check(bytes) {
  const text = latin(bytes), token = tokenIn(bytes, text);
  if (token && !text.startsWith("%PDF")) return checkToken(token, []);
  let found = null;
  try { found = signatureIn(bytes, text); } catch { found = null; }
  if (!found) return { code: "foreign", passed: [], failed: "signature" };
  const known = bundle.certificates.map(pem).find((certificate) => same(certificate, found.certificate));
  if (!known) return { code: "key_unknown", passed: [], failed: "signature" };
  const holds = await signatureHolds(found, known).catch(() => false);
  if (!holds) return { code: "altered", passed: [], failed: "signature" };
  if (!token) return { code: "incomplete", passed: ["signature"], failed: "credential" };
  const verdict = await checkToken(token, ["signature"]);
  if (verdict.code !== "genuine") return verdict;
  if (!(await covered(bytes))) return { ...verdict, code: "unlisted", failed: "root" };
  return { ...verdict, passed: [...verdict.passed, "root"] };
}

function show(verdict) {
  const answer = document.getElementById("answer");
  answer.hidden = false;
  answer.className = verdict.code === "genuine" ? "good" : ["ended", "altered", "unlisted"].includes(verdict.code) ? "bad" : "";
  answer.dataset.code = verdict.code;
  document.getElementById("verdict").textContent = words[verdict.code];
  for (const step of document.querySelectorAll("#steps li")) {
    step.className = verdict.passed.includes(step.dataset.step) ? "passed" : verdict.failed === step.dataset.step ? "failed" : "";
  }
  const facts = document.getElementById("facts");
  facts.replaceChildren();
  for (const [name, text] of Object.entries(verdict.facts ?? {})) {
    if (!text) continue;
    const label = document.createElement("dt"), said = document.createElement("dd");
    label.textContent = labels[name];
    said.textContent = text;
    facts.append(label, said);
  }
}

async function take(file) {
  if (!file) return;
  try {
    if (!subtle) throw new TypeError("no WebCrypto");
    await subtle.importKey("jwk", { kty: "OKP", crv: "Ed25519", x: "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo" }, { name: "Ed25519" }, false, ["verify"]);
  } catch {
    show({ code: "browser", passed: [] });
    return;
  }
  show(await check(new Uint8Array(await file.arrayBuffer())));
}

document.getElementById("file").addEventListener("change", (change) => take(change.target.files[0]));
document.addEventListener("dragover", (over) => over.preventDefault());
document.addEventListener("drop", (drop) => { drop.preventDefault(); take(drop.dataTransfer.files[0]); });
