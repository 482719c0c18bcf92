import { askForTokens, askPreflight, isCrossOrigin, isSuccess, type Question } from './ask.js';
import { examineAnswer } from './examine-answer.js';
import { examineClock } from './examine-clock.js';
import { examineCors, examinePreflight, examineScheme } from './examine-cors.js';
import { type Expectation, examineRepetition, examineTokens, type Given } from './examine-tokens.js';
import type { Finding } from './finding.js';

/** What is expected of the endpoint, and how it is asked. */
export interface Examination extends Expectation {
  readonly question: Question;
  /** Whether the page sends cookies. */
  readonly withCookies: boolean;
}

/** What an examination has come to. */
export interface Diagnosis {
  readonly findings: readonly Finding[];
  readonly given: readonly Given[];
  /** Null where nothing was answered. */
  readonly tookMs: number | null;
}

/** Asks a token endpoint as a page would: whether it may, for tokens, and for tokens once more. */
export async function examineEndpoint(examination: Examination): Promise<Diagnosis> {
  const { question, withCookies } = examination;
  const before: Finding[] = [...examineScheme(question)];
  if (isCrossOrigin(question)) {
    const preflight = await askPreflight(question);
    if ('severity' in preflight) return { findings: [...before, preflight], given: [], tookMs: null };
    before.push(...examinePreflight(preflight, question, withCookies));
  }
  const answer = await askForTokens(question);
  if ('severity' in answer) return { findings: [...before, answer], given: [], tookMs: null };
  const { tookMs } = answer;
  const about = [...examineAnswer(answer)];
  // A fault that the preflight has told already is not told again.
  const ofCors = [...examineCors(answer, question, withCookies)].filter(
    ({ code }) => !before.some((finding) => finding.code === code),
  );
  const findings = [...before, ...about, ...ofCors];
  if (answer.json === undefined || !isSuccess(answer)) return { findings, given: [], tookMs };
  const { findings: ofTokens, given } = await examineTokens(answer, question, examination);
  const ofNext = await examineNext(examination, given);
  // A token from a cache was issued long ago, and says nothing of a clock.
  const isRepeated = ofNext.some(({ code }) => code === 'SAME_TOKEN');
  const ofClock = [...examineClock(answer, isRepeated ? [] : given)];
  return { findings: [...findings, ...ofTokens, ...ofClock, ...ofNext], given, tookMs };
}

/** Asks again, as for a renewal. */
async function examineNext(examination: Examination, first: readonly Given[]): Promise<readonly Finding[]> {
  if (first.length === 0) return [];
  const next = await askForTokens(examination.question);
  if ('severity' in next) return [next];
  if (!isSuccess(next)) return [...examineAnswer(next)];
  const { given } = await examineTokens(next, examination.question, examination);
  return [...examineRepetition(first, given)];
}
