package dev.portage.worker;

import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.IThrowableProxy;
import ch.qos.logback.core.filter.Filter;
import ch.qos.logback.core.spi.FilterReply;
import io.grpc.StatusRuntimeException;

/**
 * Drops the SDK's warning about answering a query that nobody waits for any more: someone ended
 * {@code portage watch}, closed a page of the Web UI, or gave up. Nothing is wrong with workflow or
 * worker then, although the warning suggests it.
 */
public final class QueriesGivenUp extends Filter<ILoggingEvent> {

  private static final String LOGGERS = "io.temporal.";
  private static final String SAYS = "NOT_FOUND: query task not found";

  @Override
  public FilterReply decide(ILoggingEvent event) {
    IThrowableProxy thrown = event.getThrowableProxy();
    return thrown != null
            && event.getLoggerName().startsWith(LOGGERS)
            && StatusRuntimeException.class.getName().equals(thrown.getClassName())
            && String.valueOf(thrown.getMessage()).startsWith(SAYS)
        ? FilterReply.DENY
        : FilterReply.NEUTRAL;
  }
}
