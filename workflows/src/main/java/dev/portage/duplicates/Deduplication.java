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
 * Workflow code that searches once more for everything created under our keys. A server may go on
 * with an abandoned call, and create a second run, version or job long after the first was found
 * and used. So at the end, each kind is searched for by its key again; if a call was given up
 * without a response, only after the time in which it may still take effect.
 */
public final class Deduplication {

  /** How long a server is searched for duplicates: by then they can do little. */
  public static final Duration TIMEOUT = Duration.ofMinutes(5);

  /** Whatever a worker says: nobody waits longer for what may never come. */
  private static final Duration LONGEST_WAIT = Duration.ofMinutes(2);

  private final Map<String, DuplicateCheck> checks = new LinkedHashMap<>();

  /** A check that has started, and has not been reported; null without one. */
  private @Nullable Promise<List<String>> looking;

  /** Registers what to check. An entry with the same key is replaced. */
  public void remember(DuplicateCheck check) {
    checks.put(check.key(), check);
  }

  /** Whether a check has started that has not been reported. */
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
   * Starts to check everything registered, in parallel with what comes next. Must be followed by
   * {@link #atTheEnd} before this run of the workflow hands over to another.
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

  /** How long, according to each, a duplicate may still appear, in order. */
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

  /** How long a duplicate may still appear, null if none may or nobody knows. */
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
