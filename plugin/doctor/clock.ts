import { type Check, ok, wrong } from './finding.ts';
import { fetchInTime, type Patient } from './patient.ts';

const tencentCloud = 'https://sts.tencentcloudapi.com';
/** A signature that is five minutes off is refused; who is one off will be. Source: https://cloud.tencent.com/document/api/1312/48201 */
const maxSkewSeconds = 60;

/** Whether this machine's clock goes with Tencent Cloud's, as the `Date` of a reply has it. */
export const clockCheck = (patient: Patient): Check => ({
  name: 'clock',
  async look() {
    const { endpoint = patient.env.STS_API_URL ?? tencentCloud } = patient;
    const reply = await fetchInTime(patient)(endpoint, { method: 'HEAD' }).catch(() => undefined);
    const theirs = Date.parse(reply?.headers.get('date') ?? '');
    if (Number.isNaN(theirs))
      return wrong(`${endpoint} does not tell the time`, 'mend the network, --endpoint or STS_API_URL');
    const seconds = Math.round((patient.clock() - theirs) / 1000);
    return Math.abs(seconds) > maxSkewSeconds
      ? wrong(
          `it is ${Math.abs(seconds)} s ${seconds > 0 ? 'fast' : 'slow'}, and signatures are refused over it`,
          'let the machine set its clock by NTP',
        )
      : ok(`within ${maxSkewSeconds} s of Tencent Cloud's`);
  },
});
