import type { ComponentProps } from 'preact';
import { Icon, type IconName } from './icon.tsx';

type Rest = Omit<ComponentProps<'button'>, 'icon' | 'label'>;

/** A button that is an icon; `label` is what it says to who cannot see that, and on hovering. */
export const IconButton = ({ icon, label, ...rest }: Rest & { icon: IconName; label: string }) => (
  <button type="button" class="icon-button" aria-label={label} title={label} {...rest}>
    <Icon name={icon} />
  </button>
);
