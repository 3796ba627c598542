import { startPage } from '../../shared/startPage.tsx';
import { DocsPage } from './DocsPage.tsx';

void startPage(DocsPage);
