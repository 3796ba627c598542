import { Button } from '@digdir/designsystemet-react';
import { Failure } from '../../shared/ui/Failure.tsx';
import { useTexts } from '../../shared/useTexts.ts';
import styles from './PlaceMap.module.css';
import panel from './Panel.module.css';
import type { FloorPlan } from './types.ts';
import type { PlansState } from './usePlans.ts';

/** The storey's floor plans: how strongly each is drawn, and what can be done with it. */
export function PlanList({ plans, onPlace }: { plans: PlansState; onPlace(plan: FloorPlan): void }) {
  const { t } = useTexts();
  if (plans.error) return <Failure error={plans.error} retry={plans.reload} />;
  if (plans.plans.length === 0) return plans.loading ? null : <p className={panel.hint}>{t('floorplan.no_plans')}</p>;
  return (
    <div>
      {plans.plans.map((plan) => (
        <div key={plan.id} className={styles.plan}>
          <strong>{plan.title}</strong>
          {plan.kind !== 'dxf' && (
            <input
              type="range" min={0} max={1} step={0.05} aria-label={t('floorplan.opacity', { title: plan.title })}
              value={plans.opacityOf(plan)} onChange={(event) => plans.setOpacity(plan, Number(event.target.value))}
            />
          )}
          <Button variant="secondary" data-size="sm" onClick={() => onPlace(plan)}>{t('floorplan.place_again')}</Button>
          <Button variant="tertiary" data-size="sm" data-color="danger" onClick={() => plans.remove(plan)}>{t('floorplan.remove')}</Button>
        </div>
      ))}
    </div>
  );
}
