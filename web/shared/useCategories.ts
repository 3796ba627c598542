import { nameIn } from './i18n.ts';
import type { Category, List } from './types.ts';
import { useApi } from './useApi.ts';
import { useTexts } from './useTexts.ts';

export interface Categories {
  items: Category[];
  loading: boolean;
  error: ReturnType<typeof useApi>['error'];
  reload(): void;
  nameOf(code: string | null | undefined): string;
  iconOf(code: string | null | undefined): string;
}

export function useCategories(): Categories {
  const { language } = useTexts();
  const { data, loading, error, reload } = useApi<List<Category>>('/api/v1/categories');
  const items = data?.items ?? [];
  const find = (code: string | null | undefined): Category | undefined => items.find((category) => category.code === code);
  return {
    items, loading, error, reload,
    nameOf(code) {
      const category = find(code);
      return category ? nameIn(category, language) : (code ?? '');
    },
    iconOf: (code) => find(code)?.icon ?? 'dots',
  };
}
