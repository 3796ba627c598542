import { Heading } from '@digdir/designsystemet-react';
import { useTexts } from '../../shared/useTexts.ts';
import { ArchiveCases } from '../archive/ArchiveCases.tsx';
import { CaseLines } from './CaseLines.tsx';
import { TaskLines } from './TaskLines.tsx';

/** What is asked for and done at a place: cases and tasks, the newest first. */
export function WorkTab({ path }: { path: string }) {
  const { t } = useTexts();
  return (
    <>
      <Heading level={3} data-size="2xs">{t('nav.cases')}</Heading>
      <CaseLines path={`${path}/cases`} />
      <Heading level={3} data-size="2xs">{t('nav.tasks')}</Heading>
      <TaskLines path={`${path}/tasks`} />
      <ArchiveCases path={`${path}/archive-cases`} />
    </>
  );
}
