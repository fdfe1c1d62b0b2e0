import type { Classes } from '../../lib/classroom/class/classes.ts';
import type { ClockReports } from '../../lib/classroom/replay/clock-reports.ts';
import { type HttpDeps, httpEndpoint } from '../../lib/scf/http-endpoint.ts';
import { type ReportClockOutput, reportClockInput } from './schema.ts';

export interface Deps {
  http: HttpDeps;
  classes: Pick<Classes, 'requireMember' | 'assertGoingOn'>;
  clockReports: Pick<ClockReports, 'report'>;
}

/** `POST /report-clock`: our time beside a member's; of those who draw it goes into the replay, once a minute each. */
export const createHandler = ({ http, classes, clockReports }: Deps) =>
  httpEndpoint(http, {
    input: reportClockInput,
    async run({ classId, clock }, caller): Promise<ReportClockOutput> {
      const enrolment = await classes.requireMember(classId, caller);
      classes.assertGoingOn(enrolment.lesson);
      return { classId, timeLineMs: await clockReports.report(enrolment, clock) };
    },
  });
