package dev.portage.worker;

import ch.qos.logback.classic.pattern.ClassicConverter;
import ch.qos.logback.classic.pattern.ThrowableProxyConverter;
import ch.qos.logback.classic.spi.ILoggingEvent;
import dev.portage.http.Redaction;
import dev.portage.text.Visible;
import java.util.stream.Collectors;

/**
 * A log event's message and exception on one line, without anything that looks like a credential or
 * controls a terminal: whatever a library or a stranger writes, no log contains a token, or a line
 * that nobody logged.
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
    String text = Redaction.text(event.getFormattedMessage() + trace);
    return Visible.line(
        text.lines()
            .map(line -> line.strip().replace('\t', ' '))
            .filter(line -> !line.isEmpty())
            .collect(Collectors.joining(" | ")));
  }
}
