package dev.portage.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.portage.approval.DecisionMessage;
import dev.portage.checkout.TemporaryRepository;
import dev.portage.connection.CountingTemporal;
import dev.portage.connection.TemporalConnection;
import io.grpc.Status;
import io.temporal.api.history.v1.HistoryEvent;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A decision about a promotion that others have filled with messages. */
@Timeout(120)
class FullPromotionTest {

  private static final Status FULL =
      Status.INVALID_ARGUMENT.withDescription(
          "exceeded workflow execution limit for signal events");

  private final Path folder;
  private final TemporaryRepository repository;
  private final List<String> notices = new CopyOnWriteArrayList<>();
  private final Town town;
  private final CountingTemporal server;

  FullPromotionTest(@TempDir Path folder) throws IOException {
    this.folder = folder;
    repository = new TemporaryRepository(folder);
    repository.git("remote", "add", "origin", "https://github.com/team/models.git");
    town = new Town(folder).working();
    server = new CountingTemporal(town.address());
  }

  @AfterEach
  void theTownCloses() throws IOException {
    server.close();
    town.close();
  }

  @Test
  void isSentAgainUntilThePromotionTakesMessagesAgain() {
    String id = waiting();
    town.workerGoes();
    server.refuse("SignalWorkflowExecution", 1, FULL);

    DecisionSender.Sent sent = approve(id);

    assertThat(sent.stored()).isTrue();
    assertThat(notices).anyMatch(line -> line.contains("retrying for up to 7 s"));
    assertThat(
            town.client().fetchHistory(id).getEvents().stream()
                .filter(HistoryEvent::hasWorkflowExecutionSignaledEventAttributes))
        .hasSize(1);
  }

  @Test
  void isNotSaidToBeStoredIfThePromotionStaysFull() {
    String id = waiting();
    town.workerGoes();
    server.refuse("SignalWorkflowExecution", Integer.MAX_VALUE, FULL);

    assertThatThrownBy(() -> approve(id))
        .isInstanceOf(DecisionSender.RefusedException.class)
        .hasMessageContaining("nothing was stored")
        .hasMessageContaining("execution limit for signal events")
        .hasMessageContaining("portage cancel " + id);
    assertThat(server.of("SignalWorkflowExecution")).isGreaterThan(1);
  }

  private String waiting() {
    String commit =
        repository
            .write("promotion.yaml", "model: churn\ntrain: train.py\n")
            .write("train.py", "# Databricks notebook source\nx\n")
            .commit("Train");
    town.run("start", "promotion.yaml");
    return "promotion/churn/" + commit.substring(0, 12);
  }

  private DecisionSender.Sent approve(String id) {
    try (TemporalConnection connection =
        TemporalConnection.open(
            Map.of("TEMPORAL_ADDRESS", server.address()),
            folder,
            Duration.ofSeconds(10),
            notices::add)) {
      return new DecisionSender(connection, Duration.ofMillis(600))
          .send(
              id,
              "approve",
              new DecisionMessage("prod-1", "kim@example.com", null, "decision-1", null));
    }
  }
}
