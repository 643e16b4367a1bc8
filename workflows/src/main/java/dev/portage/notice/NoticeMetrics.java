package dev.portage.notice;

import io.temporal.workflow.Workflow;

/**
 * What is counted of notices, in the metrics of the worker that runs their workflow. No label names
 * a receiver: a counter with one would begin with its first count, which no increase shows.
 */
public final class NoticeMetrics {

  /**
   * Counter: notices that a receiver did not have within minutes, each receiver counted once. Some
   * are retried and arrive later.
   */
  public static final String UNDELIVERED = "portage_notices_undelivered";

  private NoticeMetrics() {}

  /** Counts one. Only for workflow code. */
  public static void undelivered() {
    Workflow.getMetricsScope().counter(UNDELIVERED).inc(1);
  }
}
