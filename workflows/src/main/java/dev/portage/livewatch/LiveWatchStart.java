package dev.portage.livewatch;

import dev.portage.candidate.ModelLocation;
import dev.portage.live.LiveState;
import dev.portage.live.LiveWatchId;
import dev.portage.notice.NoticeReceiver;
import dev.portage.settings.ServeSettings;
import dev.portage.settings.ServeWatch;
import dev.portage.settings.Station;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What a watch is started with, by the promotion that released the version.
 *
 * @param model its name in {@code promotion.yaml}
 * @param target where it is live
 * @param version version that is live
 * @param promotion id of that promotion
 * @param released the endpoint's state in the release
 * @param before the endpoint's state before the release; null if unknown
 * @param serve how it is served and watched
 * @param files where the version's files are
 * @param receivers who gets its notices; empty for nobody
 * @param retryTimeout how long to retry a server that doesn't respond
 */
public record LiveWatchStart(
    String model,
    Station target,
    String version,
    String promotion,
    LiveState released,
    @Nullable LiveState before,
    ServeSettings serve,
    ModelLocation files,
    List<NoticeReceiver> receivers,
    Duration retryTimeout) {

  public LiveWatchStart {
    receivers = List.copyOf(receivers);
  }

  /** The workflow's id. */
  public LiveWatchId id() {
    return LiveWatchId.of(target, version);
  }

  /** How it is watched. */
  public ServeWatch watch() {
    return Objects.requireNonNull(serve.watch(), "a watch is only started with its settings");
  }

  /** What is watched: "version 3 of churn in prod". */
  String what() {
    return "version " + version + " of " + model + " in " + target.workspace();
  }

  /** Builds one; see the parts of the record. */
  public static final class Builder {
    private final String model;
    private final Station target;
    private final String version;
    private final String promotion;
    private final LiveState released;
    private @Nullable LiveState before;
    private final ServeSettings serve;
    private final ModelLocation files;
    private List<NoticeReceiver> receivers = List.of();
    private final Duration retryTimeout;

    /** With the required parts. */
    public Builder(
        String model,
        Station target,
        String version,
        String promotion,
        LiveState released,
        ServeSettings serve,
        ModelLocation files,
        Duration retryTimeout) {
      this.model = model;
      this.target = target;
      this.version = version;
      this.promotion = promotion;
      this.released = released;
      this.serve = serve;
      this.files = files;
      this.retryTimeout = retryTimeout;
    }

    /** The endpoint's state before the release; null if unknown. */
    public Builder before(@Nullable LiveState state) {
      before = state;
      return this;
    }

    /** Who is told; null for nobody. */
    public Builder receivers(@Nullable List<NoticeReceiver> told) {
      receivers = told == null ? List.of() : told;
      return this;
    }

    /** The record. */
    public LiveWatchStart build() {
      return new LiveWatchStart(
          model,
          target,
          version,
          promotion,
          released,
          before,
          serve,
          files,
          receivers,
          retryTimeout);
    }
  }
}
