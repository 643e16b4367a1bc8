package dev.portage.history;

import dev.portage.release.Release;
import dev.portage.text.Bounded;
import java.time.Instant;
import java.util.Comparator;
import org.jspecify.annotations.Nullable;

/**
 * One entry of the log of a workspace. Entries are only ever added, and read for years: so are
 * their fields. Releases, rollbacks, adoptions and passages through a freeze are written as
 * entries; freezes and quarantines have records of their own, which read as entries.
 *
 * @param id its own id, the same for every attempt to write it: an entry with a known id is not
 *     written again. At most {@link Bounded#ID} bytes; see {@link #idOf}
 * @param kind what happened
 * @param workspace where
 * @param model full name of the registered model there; null for what concerns the workspace as a
 *     whole, such as a freeze
 * @param name name of the model in {@code promotion.yaml}; null when unknown
 * @param at when it happened
 * @param by who did it or ordered it, as they said; null when unknown, as for releases that were
 *     recorded before there was a log
 * @param reason why, null when nobody said
 * @param workflow id of the workflow that did it, null for none; Temporal forgets it after its
 *     retention
 * @param subject what it was about, where that is no release: the candidate of a quarantine or a
 *     lift, in one line; null otherwise
 * @param until when it ends on its own, as a freeze does; null otherwise
 * @param release what has been live since; null for what makes nothing live
 */
public record HistoryEvent(
    String id,
    HistoryKind kind,
    String workspace,
    @Nullable String model,
    @Nullable String name,
    Instant at,
    @Nullable String by,
    @Nullable String reason,
    @Nullable String workflow,
    @Nullable String subject,
    @Nullable Instant until,
    @Nullable Release release) {

  public HistoryEvent {
    id = Bounded.line(id, Bounded.ID);
    by = by == null ? null : Bounded.line(by, Bounded.PERSON);
    reason = reason == null ? null : Bounded.lines(reason, Bounded.COMMENT);
    subject = subject == null ? null : Bounded.line(subject, Bounded.LINE);
  }

  /** The order in which people read them; of two at one time the higher turn is the newer. */
  public static final Comparator<HistoryEvent> NEWEST_FIRST =
      Comparator.comparing(HistoryEvent::at)
          .thenComparing(HistoryEvent::turn)
          .thenComparing(HistoryEvent::id)
          .reversed();

  /**
   * Whether it is about a registered model. Two of them may have had the same name in {@code
   * promotion.yaml}, and each numbers its versions from 1.
   *
   * @param registered full name of the registered model in the workspace
   */
  public boolean isOf(String registered) {
    if (model != null) {
      return model.equals(registered);
    }
    return release == null || release.model().equals(registered);
  }

  /** Whether it made something live. */
  public boolean hasRelease() {
    return release != null;
  }

  private Long turn() {
    Long turn = release == null ? null : release.turn();
    return turn == null ? 0L : turn;
  }

  /**
   * An id for what a workflow did in a workspace, once.
   *
   * @param workflow id of the workflow; if another run may do something else by the same id, with
   *     something that tells the two apart
   */
  public static String idOf(HistoryKind kind, String workspace, String workflow) {
    return kind.word() + "/" + workspace + "/" + workflow;
  }

  /** One to be filled in; what is not named is null. */
  public static Builder of(
      String id,
      HistoryKind kind,
      String workspace,
      @Nullable String model,
      Instant at,
      @Nullable String by) {
    return new Builder(id, kind, workspace, model, at, by);
  }

  /** This one, to be changed. */
  public Builder toBuilder() {
    Builder builder = new Builder(id, kind, workspace, model, at, by);
    builder.name = name;
    builder.reason = reason;
    builder.workflow = workflow;
    builder.subject = subject;
    builder.until = until;
    builder.release = release;
    return builder;
  }

  /** Fills in the components by name. */
  public static final class Builder {
    private final String id;
    private final HistoryKind kind;
    private final String workspace;
    private final @Nullable String model;
    private @Nullable String name;
    private final Instant at;
    private final @Nullable String by;
    private @Nullable String reason;
    private @Nullable String workflow;
    private @Nullable String subject;
    private @Nullable Instant until;
    private @Nullable Release release;

    private Builder(
        String id,
        HistoryKind kind,
        String workspace,
        @Nullable String model,
        Instant at,
        @Nullable String by) {
      this.id = id;
      this.kind = kind;
      this.workspace = workspace;
      this.model = model;
      this.at = at;
      this.by = by;
    }

    /** Name of the model in {@code promotion.yaml}; null when unknown. */
    public Builder name(@Nullable String name) {
      this.name = name;
      return this;
    }

    /** Why, at most {@link Bounded#COMMENT} bytes of it; null when nobody said. */
    public Builder reason(@Nullable String reason) {
      this.reason = reason;
      return this;
    }

    /** Id of the workflow that did it, null for none. */
    public Builder workflow(@Nullable String workflow) {
      this.workflow = workflow;
      return this;
    }

    /** The candidate of a quarantine or a lift, in one line; null otherwise. */
    public Builder subject(@Nullable String subject) {
      this.subject = subject;
      return this;
    }

    /** When it ends on its own; null otherwise. */
    public Builder until(@Nullable Instant until) {
      this.until = until;
      return this;
    }

    /** What has been live since; null for what makes nothing live. */
    public Builder release(@Nullable Release release) {
      this.release = release;
      return this;
    }

    /** What was filled in. */
    public HistoryEvent build() {
      return new HistoryEvent(
          id, kind, workspace, model, name, at, by, reason, workflow, subject, until, release);
    }
  }
}
