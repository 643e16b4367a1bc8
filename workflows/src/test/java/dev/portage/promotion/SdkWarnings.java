package dev.portage.promotion;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.IThrowableProxy;
import ch.qos.logback.core.AppenderBase;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.slf4j.LoggerFactory;

/** What Temporal's SDK warns of, from whatever workflow in this JVM, until it is closed. */
public final class SdkWarnings extends AppenderBase<ILoggingEvent> implements AutoCloseable {

  private final Logger sdk = (Logger) LoggerFactory.getLogger("io.temporal");
  private final List<ILoggingEvent> heard = new CopyOnWriteArrayList<>();

  /** Listens from now on. */
  public SdkWarnings() {
    sdk.setLevel(Level.WARN);
    sdk.setAdditive(false);
    start();
    sdk.addAppender(this);
  }

  @Override
  protected void append(ILoggingEvent event) {
    heard.add(event);
  }

  /** Those of promises that failed and that no workflow code asked for. */
  public List<String> ofLeftFailures() {
    return heard.stream()
        .filter(event -> event.getMessage().contains("was never accessed"))
        .map(event -> event.getMessage() + " " + cause(event.getThrowableProxy()))
        .toList();
  }

  private static String cause(IThrowableProxy thrown) {
    return thrown == null ? "" : thrown.getClassName() + ": " + thrown.getMessage();
  }

  @Override
  public void close() {
    sdk.detachAppender(this);
    stop();
  }
}
