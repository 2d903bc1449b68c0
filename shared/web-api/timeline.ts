/** A chart over time in a page that a command writes: its data, which a script of the web client draws. */

export type Timeline = {
  readonly title: string;
  /** The unit of the values, as it stands after a number. */
  readonly unit: string;
  readonly series: readonly TimelineSeries[];
};

export type TimelineSeries = {
  readonly name: string;
  /** The index of its colour in the style of the page. */
  readonly colour: number;
  readonly shape: 'area' | 'line' | 'columns';
  /** Seconds since the start, in ascending order, each with its value; `null` where there is none. */
  readonly points: readonly (readonly [seconds: number, value: number | null])[];
};

/** The class of the figure that holds a chart; its data are in a script of the type below. */
export const TIMELINE_CLASS = 'timeline';
export const TIMELINE_TYPE = 'application/json';
