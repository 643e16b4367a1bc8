package dev.portage.promotion;

import static org.assertj.core.api.Assertions.assertThat;

import dev.portage.livewatch.LiveWatchView;
import dev.portage.notice.NoticeKind;
import dev.portage.notice.NoticeReceiver;
import dev.portage.rollback.RollbackView;
import dev.portage.serving.EndpointConfig;
import dev.portage.serving.ProbeResult;
import dev.portage.settings.ServeSettings;
import dev.portage.settings.ServeWatch;
import io.temporal.client.WorkflowStub;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Predicate;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;

/** Releases that are served and watched, with endpoints in memory. What tests of watches share. */
abstract class LiveWatchScene {

  static final String ENDPOINT = "diabetes";
  static final String FIRST = "watch/prod/diabetes/1";
  static final String SECOND = "watch/prod/diabetes/2";
  static final String ROLLBACK = "rollback/prod/diabetes/1";

  @AutoClose final PromotionEngine engine = new PromotionEngine();
  final FakeWorld world = engine.world;
  final FakeEndpoints endpoints = world.endpoints;

  @BeforeEach
  void servesAndWatches() {
    world.serve = watched(Duration.ofHours(24));
    world.receivers =
        List.of(new NoticeReceiver("team", List.of(NoticeKind.WATCH, NoticeKind.ROLLBACK)));
    engine.rollbacks.receivers = world.receivers;
  }

  static ServeSettings watched(Duration lasts) {
    return ServeSettings.of(ENDPOINT).toBuilder()
        .watch(new ServeWatch(lasts, Duration.ofMinutes(1)))
        .build();
  }

  /** From now on a version answers so, whoever asks it. */
  void turnsBad(String version, String fault) {
    endpoints.answers =
        order -> order.served().equals("diabetes-" + version) ? FakeEndpoints.wrong(fault) : good();
  }

  static ProbeResult good() {
    return FakeEndpoints.good(null);
  }

  String live() {
    return endpoints.endpoints.getOrDefault(ENDPOINT, EndpointConfig.NONE).text();
  }

  List<String> told(NoticeKind kind) {
    return world.delivered.stream()
        .filter(order -> order.notice().kind() == kind)
        .map(order -> order.notice().says())
        .distinct()
        .toList();
  }

  RollbackView rolledBack(WorkflowStub rollback) {
    Instant end = Instant.now().plusSeconds(60);
    while (true) {
      RollbackView view = rollback.query("status", RollbackView.class);
      if (view.state().ended()) {
        return view;
      }
      assertThat(Instant.now()).as(view.says()).isBefore(end);
      engine.environment.sleep(Duration.ofSeconds(1));
    }
  }

  LiveWatchView look(String id) {
    return engine.workflow(id).query("status", LiveWatchView.class);
  }

  /** One whose time goes on. */
  LiveWatchView ended(String id) {
    LiveWatchView view = until(id, now -> now.state().ended());
    engine.childOfAnEndedOneHasEnded();
    return view;
  }

  /** Two releases: the watch of the first has ended. */
  void releaseTwo() {
    releaseTwo(Duration.ofHours(24));
  }

  /**
   * The same.
   *
   * @param lasts how long the second is watched
   */
  void releaseTwo(Duration lasts) {
    engine.release(PromotionEngine.COMMIT);
    world.serve = watched(lasts);
    engine.release(PromotionEngine.OTHER_COMMIT);
    Instant end = Instant.now().plusSeconds(60);
    while (!look(FIRST).state().ended()) {
      assertThat(Instant.now()).isBefore(end);
      LockSupport.parkNanos(Duration.ofMillis(20).toNanos());
    }
    engine.childOfAnEndedOneHasEnded();
  }

  LiveWatchView until(String id, Predicate<LiveWatchView> wanted) {
    return until(id, wanted, Duration.ofSeconds(3));
  }

  LiveWatchView until(String id, Predicate<LiveWatchView> wanted, Duration step) {
    Instant end = Instant.now().plusSeconds(60);
    while (true) {
      LiveWatchView view = look(id);
      if (wanted.test(view)) {
        return view;
      }
      if (Instant.now().isAfter(end)) {
        throw new AssertionError("it is " + view.state() + ": " + view.says());
      }
      engine.environment.sleep(step);
    }
  }
}
