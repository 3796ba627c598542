import { startPage } from '../shared/startPage.tsx';
import { FieldPage } from './FieldPage.tsx';

void startPage(FieldPage);
