package dev.portage.watch;

import dev.portage.connection.TemporalConnection;
import dev.portage.connection.TimeLimit;
import dev.portage.promotion.PromotionStart;
import dev.portage.promotion.PromotionState;
import dev.portage.settings.Concurrency;
import dev.portage.settings.Settings;
import dev.portage.settings.Station;
import dev.portage.underway.Contender;
import dev.portage.underway.UnderwayState;
import dev.portage.underway.UnderwayWorkflow;
import io.temporal.client.WorkflowException;
import io.temporal.client.WorkflowStub;
import io.temporal.common.converter.DataConverterException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Other promotions of a model that are under way, as a start finds them. */
public final class Rivals {

  private static final Duration QUERY = Duration.ofSeconds(3);

  private final TemporalConnection connection;

  /** Queries through a connection. */
  public Rivals(TemporalConnection connection) {
    this.connection = connection;
  }

  /**
   * What a start does to each, or each to it, a line on each; nothing where both go on, and where
   * no worker answers.
   *
   * @param start what is, or would be, started
   * @param settings its settings; null where they are not known
   */
  public List<String> lines(PromotionStart start, @Nullable Settings settings) {
    if (settings == null) {
      return List.of();
    }
    Contender newcomer = contender(start, settings);
    return contenders(settings.path().getLast()).stream()
        .filter(other -> !other.promotion().equals(newcomer.promotion()))
        .flatMap(other -> line(newcomer, other).stream())
        .toList();
  }

  private static Contender contender(PromotionStart start, Settings settings) {
    String version = start.version();
    return new Contender(
        start.workflowId(),
        start.commit(),
        start.ancestors(),
        settings.first().workspace() + "/" + settings.first().model(),
        version != null && version.matches("[0-9]{1,18}") ? Long.valueOf(version) : null,
        start.allowOlder(),
        Objects.requireNonNullElse(settings.concurrency(), Concurrency.SUPERSEDE),
        Instant.now());
  }

  private List<Contender> contenders(Station target) {
    WorkflowStub stub =
        connection
            .client()
            .newUntypedWorkflowStub(UnderwayWorkflow.idOf(target.workspace(), target.model()));
    try {
      return Optional.ofNullable(
              TimeLimit.call(QUERY, () -> stub.query("state", UnderwayState.class)))
          .map(UnderwayState::contenders)
          .orElse(List.of());
    } catch (WorkflowException | DataConverterException _) {
      // None is under way, or no worker answers.
      return List.of();
    }
  }

  private Optional<String> line(Contender newcomer, Contender other) {
    Optional<PromotionState> state = new Promotions(connection).state(other.promotion());
    if (state.isEmpty() || state.get().ended()) {
      return Optional.empty();
    }
    String known = other.promotion() + " (" + state.get() + ", " + other.candidate() + ")";
    if (newcomer.policy() == Concurrency.REFUSE) {
      return Optional.of("a start is refused while " + known + " is under way");
    }
    if (newcomer.policy() != Concurrency.SUPERSEDE) {
      return Optional.empty();
    }
    return switch (newcomer.comparedTo(other)) {
      case NEWER, SAME ->
          Optional.of("a start supersedes " + known + ", unless that one goes live first");
      case OLDER ->
          newcomer.allowOlder()
              ? Optional.empty()
              : Optional.of("a start is superseded at once by " + known + ", which is newer");
      case UNKNOWN -> Optional.empty();
    };
  }
}
