package dev.portage.worker;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.joran.JoranConfigurator;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.LoggingEvent;
import ch.qos.logback.core.ConsoleAppender;
import ch.qos.logback.core.encoder.Encoder;
import ch.qos.logback.core.spi.FilterReply;
import ch.qos.logback.core.status.Status;
import io.grpc.StatusRuntimeException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The worker's log configuration, as shipped. */
class SafeMessageTest {

  private final LoggerContext context = new LoggerContext();
  private ConsoleAppender<ILoggingEvent> lines;
  private Encoder<ILoggingEvent> encoder;

  @BeforeEach
  void readTheShippedConfiguration() throws Exception {
    JoranConfigurator configurator = new JoranConfigurator();
    configurator.setContext(context);
    try (InputStream xml = WorkerCommand.class.getResourceAsStream("logback.xml")) {
      configurator.doConfigure(Objects.requireNonNull(xml, "logback.xml beside the command"));
    }
    assertThat(context.getStatusManager().getCopyOfStatusList())
        .noneMatch(status -> status.getLevel() >= Status.WARN);
    lines =
        (ConsoleAppender<ILoggingEvent>)
            Objects.requireNonNull(
                context.getLogger(Logger.ROOT_LOGGER_NAME).getAppender("LINES"), "LINES");
    assertThat(lines.getTarget()).isEqualTo("System.err");
    encoder = lines.getEncoder();
  }

  @AfterEach
  void stop() {
    context.stop();
  }

  @Test
  void anEventIsOneLineEvenWithAnException() {
    Throwable cause = new IOException("second\nline");
    String line = line("first\nof two", new IllegalStateException("failed", cause));
    assertThat(line.strip()).doesNotContain("\n");
    assertThat(line)
        .matches("(?s)\\d{4}-\\d\\d-\\d\\dT.* WARN +Somebody first \\| of two \\| .*failed.*\\R");
    assertThat(line).endsWith(System.lineSeparator());
  }

  @Test
  void textFromOthersControlsNoTerminalAndForgesNoLine() {
    String line =
        line(
            "by ana\u001b[2J\u009b\u202e\u2028\u0085x\r2026-11-29 INFO approved",
            new IOException("\u001b]0;title\u0007"));
    assertThat(line.strip().codePoints()).allMatch(dev.portage.text.Visible::isShown);
    assertThat(line)
        .contains("by ana\\u001b[2J\\u009b\\u202e\\u2028\\u0085x | 2026-11-29")
        .contains("\\u001b]0;title\\u0007");
  }

  @Test
  void whatLooksLikeACredentialIsRemoved() {
    String token = "dapi0123456789abcdef0123456789abcdef";
    assertThat(line("sent Authorization: Bearer " + token, new IOException("token " + token)))
        .contains("sent Authorization: Bearer")
        .doesNotContain(token);
  }

  @Test
  void temporalLogsOnlyProblems() {
    assertThat(context.getLogger("io.temporal.internal.worker.Poller").getEffectiveLevel())
        .isEqualTo(Level.WARN);
    assertThat(context.getLogger("dev.portage.worker").getEffectiveLevel()).isEqualTo(Level.INFO);
  }

  @Test
  void anAbandonedQueryIsNoWarning() {
    String sdk = "io.temporal.internal.worker.WorkflowWorker";
    String says = "Failure while reporting workflow progress to the server";
    RuntimeException gone = notFound("query task not found, or already expired");

    assertThat(isLogged(sdk, says, gone)).isFalse();
    assertThat(isLogged(sdk, says, notFound("workflow execution already completed"))).isTrue();
    assertThat(isLogged(sdk, says, new IllegalStateException("query task not found"))).isTrue();
    assertThat(isLogged("dev.portage.turns.LaneClient", says, gone)).isTrue();
  }

  private static StatusRuntimeException notFound(String description) {
    return io.grpc.Status.NOT_FOUND.withDescription(description).asRuntimeException();
  }

  private boolean isLogged(String logger, String message, Throwable problem) {
    return lines.getFilterChainDecision(event(logger, message, problem)) != FilterReply.DENY;
  }

  private String line(String message, Throwable problem) {
    return new String(
        encoder.encode(event("dev.example.Somebody", message, problem)), StandardCharsets.UTF_8);
  }

  private LoggingEvent event(String logger, String message, Throwable problem) {
    return new LoggingEvent("test", context.getLogger(logger), Level.WARN, message, problem, null);
  }
}
