import { startPage } from '../shared/startPage.tsx';
import { SupplierPage } from './SupplierPage.tsx';

void startPage(SupplierPage);
