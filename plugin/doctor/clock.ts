import { type Check, ok, wrong } from './finding.ts';
import type { Patient } from './patient.ts';

const tencentCloud = 'https://sts.tencentcloudapi.com';
const timeoutMs = 10_000;
/** A signature that is five minutes off is refused; who is one off will be. Source: https://cloud.tencent.com/document/api/1312/48201 */
const maxSkewSeconds = 60;

/** Whether this machine's clock goes with Tencent Cloud's, as the `Date` of a reply has it. */
export const clockCheck = ({ env, endpoint = env.STS_API_URL, fetch, clock }: Patient): Check => ({
  name: 'clock',
  async look() {
    const url = endpoint ?? tencentCloud;
    const fix = 'let the machine set its clock by NTP';
    const reply = await fetch(url, { method: 'HEAD', signal: AbortSignal.timeout(timeoutMs) }).catch(() => undefined);
    const theirs = Date.parse(reply?.headers.get('date') ?? '');
    if (Number.isNaN(theirs)) return wrong(`${new URL(url).origin} does not answer`, 'mend the network, or --endpoint');
    const seconds = Math.round((clock() - theirs) / 1000);
    return Math.abs(seconds) > maxSkewSeconds
      ? wrong(`it is ${Math.abs(seconds)} s ${seconds > 0 ? 'fast' : 'slow'}, and signatures are refused over it`, fix)
      : ok(`within ${maxSkewSeconds} s of Tencent Cloud's`);
  },
});
