import { startPage } from '../../shared/startPage.tsx';
import { HomePage } from './HomePage.tsx';

void startPage(HomePage);
