package dev.portage.settling;

import dev.portage.failure.Failures;
import dev.portage.temporal.Changes;
import io.temporal.failure.TemporalFailure;
import io.temporal.workflow.Async;
import io.temporal.workflow.Promise;
import io.temporal.workflow.TimerOptions;
import io.temporal.workflow.Workflow;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Workflow code that looks once more for what was made by our keys. A server may go on with a call
 * that nobody waits for any more, and make a second run, version or job long after the first was
 * found and used. So at the end each kind is looked for by its key again; where a call was given up
 * without an answer, only after the time in which it may still have its effect.
 */
public final class Settling {

  /** How long a server is asked for twins: what they could do by then is little. */
  public static final Duration PATIENCE = Duration.ofMinutes(5);

  /** Whatever a worker says: nobody waits longer for what may never come. */
  private static final Duration LONGEST_WAIT = Duration.ofMinutes(2);

  private final Map<String, Look> looks = new LinkedHashMap<>();

  /** A look that has begun, and has not been told of; null without one. */
  private @Nullable Promise<List<String>> looking;

  /**
   * Remembers what is to be looked for. By the same key it takes the place of what was remembered
   * before.
   */
  public void remember(Look look) {
    looks.put(look.key(), look);
  }

  /** Whether a look has begun that has not been told of. */
  public boolean hasBegun() {
    return looking != null;
  }

  /** What is remembered, in the order in which it was. */
  public List<Look> remembered() {
    return List.copyOf(looks.values());
  }

  /**
   * Looks for all that was remembered, and forgets it. Heard also after a cancel; it never fails.
   *
   * @return what people should know of it, mostly nothing
   */
  public List<String> atTheEnd() {
    List<String> told = new ArrayList<>();
    Promise<List<String>> begun = looking;
    looking = null;
    Workflow.newDetachedCancellationScope(
            () -> {
              if (begun != null) {
                told.addAll(begun.get());
              }
              look(told);
            })
        .run();
    return told;
  }

  /**
   * Begins to look for all that was remembered, beside what comes next. To be followed by {@link
   * #atTheEnd} before this run of the workflow hands over to another.
   */
  public void begin() {
    Workflow.newDetachedCancellationScope(() ->
            looking =
                Async.function(() -> {
                  List<String> told = new ArrayList<>();
                  look(told);
                  return told;
                }))
        .run();
  }

  private void look(List<String> told) {
    List<Look> all = List.copyOf(looks.values());
    looks.clear();
    List<Look> open = new ArrayList<>();
    Duration wait = Duration.ZERO;
    List<@Nullable Duration> answers = askAll(all, told);
    for (int i = 0; i < all.size(); i++) {
      Duration mayCome = answers.get(i);
      if (mayCome != null) {
        open.add(all.get(i));
        wait = mayCome.compareTo(wait) > 0 ? mayCome : wait;
      }
    }
    if (open.isEmpty()) {
      return;
    }
    Workflow.newTimer(
            wait.compareTo(LONGEST_WAIT) < 0 ? wait : LONGEST_WAIT,
            TimerOptions.newBuilder()
                .setSummary("waiting in case a call without a response still takes effect")
                .build())
        .get();
    askAll(open, told);
  }

  /** What each says of how long a twin may still come, in order. */
  private static List<@Nullable Duration> askAll(List<Look> looks, List<String> told) {
    List<@Nullable Duration> answers = new ArrayList<>();
    if (looks.size() < 2 || !Changes.made(Changes.TWINS_ARE_LOOKED_FOR_TOGETHER)) {
      looks.forEach(look -> answers.add(ask(look, told)));
      return answers;
    }
    List<List<String>> words = new ArrayList<>();
    List<Promise<Optional<Duration>>> asked = new ArrayList<>();
    for (Look look : looks) {
      List<String> own = new ArrayList<>();
      words.add(own);
      asked.add(Async.function(() -> Optional.ofNullable(ask(look, own))));
    }
    asked.forEach(answer -> answers.add(answer.get().orElse(null)));
    words.forEach(told::addAll);
    return answers;
  }

  /** How long a twin may still come, null when none may or nobody knows. */
  private static @Nullable Duration ask(Look look, List<String> told) {
    try {
      Settled settled = look.ask();
      told.addAll(settled.removed());
      return settled.mayCome();
    } catch (TemporalFailure failure) {
      told.add(
          "whether there is a second "
              + look.what()
              + " in "
              + look.where()
              + " is unknown; if there is one, nothing uses it: "
              + Failures.line(failure));
      return null;
    }
  }
}
