/**
 * The dashboard that comes with the product, as its author wrote it: what ran, how it ended, what failed,
 * what starts next.
 */

const source = `id: default
title: Overview
description: What ran, how it ended, what failed
timeWindow:
  default: P30D
  max: P366D
charts:
  - id: success_ratio
    type: io.kestra.plugin.core.dashboard.chart.KPI
    chartOptions: {displayName: Success ratio, numberType: PERCENTAGE, width: 6}
    data:
      type: io.kestra.plugin.core.dashboard.data.ExecutionsKPI
      columns: {field: ID, agg: COUNT}
      numerator:
        - {field: STATE, type: IN, values: [SUCCESS, WARNING]}
      where:
        - {field: STATE, type: IN, values: [SUCCESS, WARNING, FAILED, KILLED, CANCELLED]}
  - id: failed
    type: io.kestra.plugin.core.dashboard.chart.KPI
    chartOptions: {displayName: Failed, numberType: FLAT, width: 6}
    data:
      type: io.kestra.plugin.core.dashboard.data.ExecutionsKPI
      columns: {field: ID, agg: COUNT}
      where:
        - {field: STATE, type: EQUAL_TO, value: FAILED}
  - id: executions
    type: io.kestra.plugin.core.dashboard.chart.TimeSeries
    chartOptions: {displayName: Executions, column: date, colorByColumn: state}
    data:
      type: io.kestra.plugin.core.dashboard.data.Executions
      columns:
        date: {field: START_DATE, displayName: Date}
        state: {field: STATE}
        total: {displayName: Executions, agg: COUNT, graphStyle: BARS}
        duration: {displayName: Seconds, field: DURATION, agg: SUM, graphStyle: LINES}
  - id: states
    type: io.kestra.plugin.core.dashboard.chart.Pie
    chartOptions: {displayName: States, colorByColumn: state}
    data:
      type: io.kestra.plugin.core.dashboard.data.Executions
      columns:
        state: {field: STATE}
        total: {agg: COUNT}
  - id: namespaces
    type: io.kestra.plugin.core.dashboard.chart.Bar
    chartOptions: {displayName: Executions of namespaces, column: namespace, colorByColumn: state}
    data:
      type: io.kestra.plugin.core.dashboard.data.Executions
      columns:
        namespace: {field: NAMESPACE}
        state: {field: STATE}
        total: {agg: COUNT}
      orderBy: [{column: total, order: DESC}]
  - id: next
    type: io.kestra.plugin.core.dashboard.chart.Table
    chartOptions: {displayName: What starts next}
    data:
      type: io.kestra.plugin.core.dashboard.data.Triggers
      columns:
        namespace: {field: NAMESPACE, displayName: Namespace}
        flow: {field: FLOW_ID, displayName: Flow}
        trigger: {field: TRIGGER_ID, displayName: Trigger}
        date: {field: NEXT_EXECUTION_DATE, displayName: Next}
      where: [{field: NEXT_EXECUTION_DATE, type: IS_NOT_NULL}]
      orderBy: [{column: date, order: ASC}]
  - id: levels
    type: io.kestra.plugin.core.dashboard.chart.TimeSeries
    chartOptions: {displayName: Log lines, column: date, colorByColumn: level}
    data:
      type: io.kestra.plugin.core.dashboard.data.Logs
      columns:
        date: {field: DATE}
        level: {field: LEVEL}
        total: {agg: COUNT}
`;

/** The dashboard that comes with the product: nobody saved it, and nobody changes it. */
export const builtInDashboard = { id: 'default', title: 'Overview', source } as const;
