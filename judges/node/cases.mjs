// The cases of a judge that is a Node program; the twin of ../cases.py. One line of JSON a case.

export const ADDRESS = process.env.JUDGE_ADDRESS ?? '';
export const BASE_URL = `${ADDRESS}/v1`;
export const KEY = process.env.JUDGE_KEY ?? '';
export const NARROW_KEY = process.env.JUDGE_NARROW_KEY ?? '';
export const MODEL = 'fake';
export const EMBEDDING_MODEL = 'fake-embedding';
const CASE_MS = 30_000;
const REASON_CHARACTERS = 400;

const cases = [];

export function one(name, work) {
  cases.push([name, work]);
}

export async function main() {
  let failed = false;
  for (const [name, work] of cases) {
    let timer;
    const late = new Promise((_, reject) => {
      timer = setTimeout(() => reject(new Error(`not done after ${CASE_MS} ms`)), CASE_MS);
    });
    try {
      await Promise.race([work(), late]);
      tell(name, 'passed', '');
    } catch (error) {
      failed = true;
      console.error(error);
      tell(name, 'failed', `${error?.name ?? 'Error'}: ${error?.message ?? error}`);
    } finally {
      clearTimeout(timer);
    }
  }
  process.exit(failed ? 1 : 0);
}

function tell(name, outcome, reason) {
  const short = reason
    .replace(/(?<![\w:/.])(?:\/[\w.+@-]+){2,}\/(?=[\w.-]+)/g, '')
    .replace(/127\.0\.0\.1:\d+/g, '127.0.0.1')
    .split(/\s+/)
    .join(' ')
    .slice(0, REASON_CHARACTERS);
  // "case" first: it is what the reader of these lines looks for
  process.stdout.write(`{"case": ${JSON.stringify(name)}, "outcome": "${outcome}", "reason": ${JSON.stringify(short)}}\n`);
}
