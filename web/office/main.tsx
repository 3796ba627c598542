import { startPage } from '../shared/startPage.tsx';
import { OfficePage } from './OfficePage.tsx';

void startPage(OfficePage);
