import { startPage } from '../../shared/startPage.tsx';
import { CodePage } from './CodePage.tsx';

void startPage(CodePage);
