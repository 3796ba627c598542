import { barY, lineY, plot, ruleY } from '@observablehq/plot';
import type { Period } from './types.ts';

/* Fetched when a chart is first shown: Plot is larger than the rest of the page. */

export interface ChartTexts {
  used: string;
  corrected: string;
  unit: string;
  /** The period as it stands below its bar. */
  nameOf(start: string): string;
  number(value: number): string;
}

export interface Chart {
  element: Element;
}

/** Bars of what was used, a line of what it had been in normal weather. */
export function drawChart(periods: Period[], texts: ChartTexts, width: number, colours: { bar: string; line: string }): Chart {
  const used = periods.filter((each) => each.used !== null);
  const corrected = periods.filter((each) => each.corrected !== null);
  const every = Math.max(1, Math.ceil(periods.length / Math.max(1, Math.floor(width / 56))));
  const element = plot({
    width,
    height: 260,
    marginLeft: 60,
    marginBottom: 36,
    x: { type: 'band', domain: periods.map((each) => each.start), ticks: periods.filter((_, i) => i % every === 0).map((each) => each.start), tickFormat: (start: string) => texts.nameOf(start), label: null },
    y: { grid: true, zero: true, label: texts.unit, tickFormat: (value: number) => texts.number(value) },
    marks: [
      barY(used, { x: 'start', y: 'used', fill: colours.bar, title: (each: Period) => `${texts.nameOf(each.start)}: ${texts.number(each.used ?? 0)} ${texts.unit}` }),
      lineY(corrected, { x: 'start', y: 'corrected', stroke: colours.line, strokeWidth: 2.5 }),
      ruleY([0]),
    ],
  });
  /* Plot brings its rules in a <style>, which the Content-Security-Policy refuses; ours are in ConsumptionChart.module.css. */
  for (const style of element.querySelectorAll('style')) style.remove();
  return { element };
}
