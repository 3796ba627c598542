import type { ButtonHTMLAttributes } from 'react';
import styles from './BigButton.module.css';
import { Icon, type IconName } from './Icon.tsx';

interface Props extends Omit<ButtonHTMLAttributes<HTMLButtonElement>, 'className'> {
  look?: 'main' | 'plain' | 'danger';
  icon?: IconName;
}

/** A button for gloves: at least 56 px high. */
export function BigButton({ look = 'plain', icon, children, type = 'button', ...rest }: Props) {
  return (
    <button type={type} className={`${styles.button} ${styles[look]}`} {...rest}>
      {icon && <Icon name={icon} />}
      {children}
    </button>
  );
}
