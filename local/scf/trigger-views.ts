import type { Trigger } from './state.ts';
import { timeText } from './status.ts';

/** A trigger, as the API answers. */
export const describeTrigger = (trigger: Trigger, origin: string) => ({
  Type: trigger.Type,
  TriggerName: trigger.TriggerName,
  TriggerDesc: trigger.Type === 'http' ? describeUrl(trigger, origin) : JSON.stringify({ cron: trigger.TriggerDesc }),
  Qualifier: trigger.Qualifier,
  Enable: trigger.isOpen ? 1 : 0,
  CustomArgument: trigger.CustomArgument,
  Description: trigger.Description,
  AvailableStatus: 'Available',
  AddTime: timeText(trigger.added),
  ModTime: timeText(trigger.modified),
});

/** A function URL's settings with the URL in them. The SDK does not document where it stands; `NetConfig.ExtranetUrl` does for clients that read it. */
const describeUrl = ({ TriggerDesc, urlId }: Trigger, origin: string): string => {
  const settings = JSON.parse(TriggerDesc);
  const { NetConfig } = settings;
  const url = NetConfig.EnableExtranet ? { ExtranetUrl: `${origin}/scf/url/${urlId}` } : {};
  return JSON.stringify({ ...settings, NetConfig: { ...NetConfig, ...url } });
};
