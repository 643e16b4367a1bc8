package dev.portage.worker;

import ch.qos.logback.classic.pattern.ClassicConverter;
import ch.qos.logback.classic.pattern.ThrowableProxyConverter;
import ch.qos.logback.classic.spi.ILoggingEvent;
import dev.portage.http.Redaction;

/**
 * An event's message and exception on one line, without what looks like a credential: whatever a
 * library writes, no log holds a token.
 */
public final class SafeMessage extends ClassicConverter {

  private final ThrowableProxyConverter exception = new ThrowableProxyConverter();

  @Override
  public void start() {
    exception.setOptionList(java.util.List.of("short"));
    exception.start();
    super.start();
  }

  @Override
  public String convert(ILoggingEvent event) {
    String trace = event.getThrowableProxy() == null ? "" : " | " + exception.convert(event);
    return Redaction.text((event.getFormattedMessage() + trace).strip())
        .replaceAll("\\s*\\R\\s*", " | ");
  }
}
