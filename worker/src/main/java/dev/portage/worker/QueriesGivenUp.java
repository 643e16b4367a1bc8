package dev.portage.worker;

import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.IThrowableProxy;
import ch.qos.logback.core.filter.Filter;
import ch.qos.logback.core.spi.FilterReply;
import io.grpc.StatusRuntimeException;

/**
 * Leaves out what the SDK warns of when it answers a query that nobody waits for any more: somebody
 * ended {@code portage watch}, closed a page of the Web UI, or had waited long enough. Nothing is
 * wrong then, with no workflow and no worker, although the warning says that one might be stuck.
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
