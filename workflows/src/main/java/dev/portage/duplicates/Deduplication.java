package dev.portage.duplicates;

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
public final class Deduplication {

  /** How long a server is asked for twins: what they could do by then is little. */
  public static final Duration TIMEOUT = Duration.ofMinutes(5);

  /** Whatever a worker says: nobody waits longer for what may never come. */
  private static final Duration LONGEST_WAIT = Duration.ofMinutes(2);

  private final Map<String, DuplicateCheck> checks = new LinkedHashMap<>();

  /** A look that has begun, and has not been told of; null without one. */
  private @Nullable Promise<List<String>> looking;

  /**
   * Remembers what is to be looked for. By the same key it takes the place of what was remembered
   * before.
   */
  public void remember(DuplicateCheck check) {
    checks.put(check.key(), check);
  }

  /** Whether a look has begun that has not been told of. */
  public boolean hasBegun() {
    return looking != null;
  }

  /** What is remembered, in the order in which it was. */
  public List<DuplicateCheck> remembered() {
    return List.copyOf(checks.values());
  }

  /**
   * Looks for all that was remembered, and forgets it. Heard also after a cancel; it never fails.
   *
   * @return what people should know of it, mostly nothing
   */
  public List<String> atTheEnd() {
    List<String> messages = new ArrayList<>();
    Promise<List<String>> begun = looking;
    looking = null;
    Workflow.newDetachedCancellationScope(
            () -> {
              if (begun != null) {
                messages.addAll(begun.get());
              }
              look(messages);
            })
        .run();
    return messages;
  }

  /**
   * Begins to look for all that was remembered, beside what comes next. To be followed by {@link
   * #atTheEnd} before this run of the workflow hands over to another.
   */
  public void begin() {
    Workflow.newDetachedCancellationScope(() ->
            looking =
                Async.function(() -> {
                  List<String> messages = new ArrayList<>();
                  look(messages);
                  return messages;
                }))
        .run();
  }

  private void look(List<String> messages) {
    List<DuplicateCheck> all = List.copyOf(checks.values());
    checks.clear();
    List<DuplicateCheck> open = new ArrayList<>();
    Duration wait = Duration.ZERO;
    List<@Nullable Duration> answers = askAll(all, messages);
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
    askAll(open, messages);
  }

  /** What each says of how long a twin may still come, in order. */
  private static List<@Nullable Duration> askAll(
      List<DuplicateCheck> checks, List<String> messages) {
    List<@Nullable Duration> answers = new ArrayList<>();
    if (checks.size() < 2 || !Changes.made(Changes.TWINS_ARE_LOOKED_FOR_TOGETHER)) {
      checks.forEach(check -> answers.add(ask(check, messages)));
      return answers;
    }
    List<List<String>> words = new ArrayList<>();
    List<Promise<Optional<Duration>>> asked = new ArrayList<>();
    for (DuplicateCheck check : checks) {
      List<String> own = new ArrayList<>();
      words.add(own);
      asked.add(Async.function(() -> Optional.ofNullable(ask(check, own))));
    }
    asked.forEach(answer -> answers.add(answer.get().orElse(null)));
    words.forEach(messages::addAll);
    return answers;
  }

  /** How long a twin may still come, null when none may or nobody knows. */
  private static @Nullable Duration ask(DuplicateCheck check, List<String> messages) {
    try {
      DuplicatesRemoved settled = check.ask();
      messages.addAll(settled.removed());
      return settled.mayCome();
    } catch (TemporalFailure failure) {
      messages.add(
          "whether there is a second "
              + check.what()
              + " in "
              + check.where()
              + " is unknown; if there is one, nothing uses it: "
              + Failures.line(failure));
      return null;
    }
  }
}
