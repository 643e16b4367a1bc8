package dev.portage.promotion;

import dev.portage.candidate.Candidate;
import dev.portage.failure.Problem;
import dev.portage.registry.ModelVersion;
import dev.portage.release.Release;
import dev.portage.release.Unfinished;
import java.time.Instant;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The state of a promotion, for the next run of its workflow.
 *
 * @param state what it does
 * @param says the same in a line
 * @param next the command that carries it on, null when nobody has to act
 * @param started when the promotion was
 * @param candidate the exact thing, null before there is one
 * @param versions versions that it made
 * @param notices things that people should know
 * @param noticesLeft how many more there were
 * @param problem why it stopped, null otherwise
 * @param releases what is live through it
 * @param left what it made and is not live, by where that is
 * @param liveBefore what was live through it before someone reset it
 * @param unfinished what follows from its releases and is not done
 * @param notKnown what nobody could look at, null when there is nothing
 * @param gaps what is not known of who made what is promoted
 */
public record ProgressState(
    PromotionState state,
    String says,
    @Nullable String next,
    Instant started,
    @Nullable Candidate candidate,
    List<ModelVersion> versions,
    List<String> notices,
    Integer noticesLeft,
    @Nullable Problem problem,
    List<Release> releases,
    Map<String, String> left,
    List<String> liveBefore,
    List<Unfinished> unfinished,
    @Nullable String notKnown,
    List<String> gaps) {

  public ProgressState {
    versions = List.copyOf(versions);
    notices = List.copyOf(notices);
    releases = List.copyOf(releases);
    left = Collections.unmodifiableMap(new LinkedHashMap<>(left));
    gaps = List.copyOf(gaps);
    liveBefore = List.copyOf(liveBefore);
    unfinished = List.copyOf(unfinished);
  }

  /** One to be filled in; what is not named is null or empty. */
  public static Builder of(PromotionState state, String says, Instant started) {
    return new Builder(state, says, started);
  }

  /** Fills in the components by name. */
  public static final class Builder {
    private final PromotionState state;
    private final String says;
    private @Nullable String next;
    private final Instant started;
    private @Nullable Candidate candidate;
    private List<ModelVersion> versions = List.of();
    private List<String> notices = List.of();
    private Integer noticesLeft = 0;
    private @Nullable Problem problem;
    private List<Release> releases = List.of();
    private Map<String, String> left = Map.of();
    private List<String> liveBefore = List.of();
    private List<Unfinished> unfinished = List.of();
    private @Nullable String notKnown;
    private List<String> gaps = List.of();

    private Builder(PromotionState state, String says, Instant started) {
      this.state = state;
      this.says = says;
      this.started = started;
    }

    /** The command that carries it on, null when nobody has to act. */
    public Builder next(@Nullable String next) {
      this.next = next;
      return this;
    }

    /** The exact thing, null before there is one. */
    public Builder candidate(@Nullable Candidate candidate) {
      this.candidate = candidate;
      return this;
    }

    /** Versions that it made. */
    public Builder versions(List<ModelVersion> versions) {
      this.versions = versions;
      return this;
    }

    /** Things that people should know, and how many more there were. */
    public Builder notices(List<String> notices, Integer noticesLeft) {
      this.notices = notices;
      this.noticesLeft = noticesLeft;
      return this;
    }

    /** Why it stopped, null otherwise. */
    public Builder problem(@Nullable Problem problem) {
      this.problem = problem;
      return this;
    }

    /** What is live through it. */
    public Builder releases(List<Release> releases) {
      this.releases = releases;
      return this;
    }

    /** What it made and is not live, by where that is. */
    public Builder left(Map<String, String> left) {
      this.left = left;
      return this;
    }

    /** What was live through it before someone reset it. */
    public Builder liveBefore(List<String> liveBefore) {
      this.liveBefore = liveBefore;
      return this;
    }

    /** What follows from its releases and is not done. */
    public Builder unfinished(List<Unfinished> unfinished) {
      this.unfinished = unfinished;
      return this;
    }

    /** What nobody could look at, null when there is nothing. */
    public Builder notKnown(@Nullable String notKnown) {
      this.notKnown = notKnown;
      return this;
    }

    /** What is not known of who made what is promoted. */
    public Builder gaps(List<String> gaps) {
      this.gaps = gaps;
      return this;
    }

    /** What was filled in. */
    public ProgressState build() {
      return new ProgressState(
          state,
          says,
          next,
          started,
          candidate,
          versions,
          notices,
          noticesLeft,
          problem,
          releases,
          left,
          liveBefore,
          unfinished,
          notKnown,
          gaps);
    }
  }
}
