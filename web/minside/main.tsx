import { startPage } from '../shared/startPage.tsx';
import { MinsidePage } from './MinsidePage.tsx';

void startPage(MinsidePage);
