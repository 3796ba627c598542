import { startPage } from '../shared/startPage.tsx';
import { watchServiceWorker } from './app/serviceWorker.ts';
import { FieldPage } from './FieldPage.tsx';

watchServiceWorker();
void startPage(FieldPage);
