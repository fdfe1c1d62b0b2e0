import type { CustomMessage } from '../../im/client.ts';

/** What is sent into a class. Danmaku are the comments that fly over the picture. */
export type ClassMessage =
  | { type: 'danmaku'; text: string; color?: string | undefined; lane?: number | undefined }
  | { type: 'like'; count: number }
  | { type: 'notice'; text: string }
  | { type: 'board'; data: unknown };

export type ClassMessageType = ClassMessage['type'];

/** What a group carries in a second; IM drops the rest in silence. Source: https://cloud.tencent.com/document/product/269/1629 */
export const groupMessagesPerSecond = 40;

/** High survives longest when a group is full. */
const priorities: Readonly<Record<ClassMessageType, CustomMessage['priority']>> = {
  danmaku: 'Low',
  like: 'Low',
  notice: 'Normal',
  board: 'High',
};

/** A message as clients of the class read it. */
export const wireMessage = (message: ClassMessage): Pick<CustomMessage, 'data' | 'description' | 'priority'> => ({
  data: dataOf(message),
  description: 'text' in message ? message.text : '',
  priority: priorities[message.type],
});

const dataOf = (message: ClassMessage): object => {
  switch (message.type) {
    case 'danmaku': {
      const { type, text, color, lane } = message;
      return { v: 1, type, text, ...(color !== undefined && { color }), ...(lane !== undefined && { lane }) };
    }
    case 'like':
      return { v: 1, type: message.type, count: message.count };
    case 'notice':
      return { v: 1, type: message.type, text: message.text };
    case 'board':
      return { v: 1, type: message.type, data: message.data };
  }
};
