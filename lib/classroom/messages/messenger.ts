import type { CustomMessage, ImClient } from '../../im/client.ts';
import { onceMore } from '../../im/retry.ts';
import type { Accounts } from '../members/accounts.ts';

export interface MessengerOptions {
  im: Pick<ImClient, 'sendCustomMessage'>;
  accounts: Pick<Accounts, 'withAccount'>;
}

/** Sends as people whom IM may not know yet. A lost reply is worth a second try: IM drops what it has. */
export const createMessenger = ({ im, accounts }: MessengerOptions) => ({
  async send(message: CustomMessage): Promise<void> {
    const attempt = () => onceMore(() => im.sendCustomMessage(message));
    await (message.senderId === undefined ? attempt() : accounts.withAccount(message.senderId, attempt));
  },
});

export type Messenger = ReturnType<typeof createMessenger>;
