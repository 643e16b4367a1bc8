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
 * @param step the step that began last
 * @param started when the promotion was
 * @param steps every step, in order
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
    String step,
    Instant started,
    List<StepView> steps,
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
    steps = List.copyOf(steps);
    versions = List.copyOf(versions);
    notices = List.copyOf(notices);
    releases = List.copyOf(releases);
    left = Collections.unmodifiableMap(new LinkedHashMap<>(left));
    gaps = List.copyOf(gaps);
    liveBefore = List.copyOf(liveBefore);
    unfinished = List.copyOf(unfinished);
  }
}
