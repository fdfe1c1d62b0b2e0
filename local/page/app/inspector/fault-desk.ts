import { computed, signal } from '@preact/signals';
import type { FeedEvent } from '../../../feed-event.ts';
import { beginStory, type FaultOrder, type Story, tell } from './story.ts';

const keptStories = 8;
/** A reply can be held back for some seconds, in which there may be many strokes. */
const keptEvents = 300;

export interface FaultDeskOptions {
  /** `http://…/local/faults` */
  url: string;
  fetch: typeof fetch;
  /** Milliseconds since 1970. */
  clock(): number;
}

/** Where faults are ordered, and where it is kept what became of each. */
export const createFaultDesk = ({ url, fetch, clock }: FaultDeskOptions) => {
  const pending = signal<readonly FaultOrder[]>([]);
  const stories = signal<readonly Story[]>([]);
  let heard: FeedEvent[] = [];

  const ask = async (method: 'GET' | 'POST' | 'DELETE', order?: FaultOrder) => {
    const reply = await fetch(url, { method, ...(order && { body: JSON.stringify(order) }) });
    const body = (await reply.json()) as { pending: FaultOrder[]; error?: string };
    if (!reply.ok) throw new Error(body.error ?? `HTTP ${reply.status}`);
    pending.value = body.pending;
  };

  return {
    /** Those that have not struck as often as they shall. */
    pending: computed(() => pending.value),
    /** The latest order first. */
    stories: computed(() => stories.value),
    refresh: () => ask('GET'),
    async order(order: FaultOrder): Promise<void> {
      const story = beginStory(order, clock());
      await ask('POST', order);
      stories.value = [story, ...stories.value].slice(0, keptStories);
    },
    forgetAll: () => ask('DELETE'),
    clearStories() {
      stories.value = [];
    },
    /** Hears an event of the feed. */
    hear(event: FeedEvent) {
      const told = stories.value.map((story) => tell(story, event, heard));
      heard = [...heard, event].slice(-keptEvents);
      if (told.some((story, index) => story !== stories.value[index])) stories.value = told;
    },
  };
};

export type FaultDesk = ReturnType<typeof createFaultDesk>;
