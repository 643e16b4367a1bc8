package dev.portage.promotion;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.IThrowableProxy;
import ch.qos.logback.core.AppenderBase;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.slf4j.LoggerFactory;

/** Collects the warnings of Temporal's SDK about any workflow in this JVM, until closed. */
public final class SdkWarnings extends AppenderBase<ILoggingEvent> implements AutoCloseable {

  private final Logger sdk = (Logger) LoggerFactory.getLogger("io.temporal");
  private final List<ILoggingEvent> heard = new CopyOnWriteArrayList<>();

  /** Starts collecting. */
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

  /** The warnings about failed promises that no workflow code read. */
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
