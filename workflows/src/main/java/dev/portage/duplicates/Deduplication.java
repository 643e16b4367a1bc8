package dev.portage.duplicates;

import dev.portage.activity.Stubs;
import dev.portage.failure.Failures;
import io.temporal.failure.TemporalFailure;
import io.temporal.workflow.Async;
import io.temporal.workflow.Promise;
import io.temporal.workflow.TimerOptions;
import io.temporal.workflow.Workflow;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
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
    Map<DuplicateCheck, Optional<Duration>> mayCome = new HashMap<>();
    List<List<String>> words = new ArrayList<>();
    List<Promise<Void>> asked = new ArrayList<>();
    for (List<DuplicateCheck> some : byQueue(checks)) {
      List<String> own = new ArrayList<>();
      words.add(own);
      asked.add(Async.procedure(() -> askSome(some, own, mayCome)));
    }
    asked.forEach(Promise::get);
    words.forEach(messages::addAll);
    checks.forEach(
        check -> answers.add(mayCome.getOrDefault(check, Optional.empty()).orElse(null)));
    return answers;
  }

  private static List<List<DuplicateCheck>> byQueue(List<DuplicateCheck> checks) {
    Map<String, List<DuplicateCheck>> queues = new LinkedHashMap<>();
    checks.forEach(
        check -> queues.computeIfAbsent(check.queue(), any -> new ArrayList<>()).add(check));
    return List.copyOf(queues.values());
  }

  private static void askSome(
      List<DuplicateCheck> checks,
      List<String> messages,
      Map<DuplicateCheck, Optional<Duration>> mayCome) {
    List<DuplicatesAnswer> answers = checks.size() < 2 ? List.of() : askInOneActivity(checks);
    for (int i = 0; i < checks.size(); i++) {
      DuplicateCheck check = checks.get(i);
      DuplicatesAnswer answer = i < answers.size() ? answers.get(i) : DuplicatesAnswer.askAgain();
      mayCome.put(check, Optional.ofNullable(answered(check, answer, messages)));
    }
  }

  /** Empty if there was no response: then each is checked on its own. */
  private static List<DuplicatesAnswer> askInOneActivity(List<DuplicateCheck> checks) {
    try {
      return Stubs.afterwards(
              DuplicateActivities.class,
              checks.getFirst().queue(),
              TIMEOUT,
              "check for a second "
                  + String.join(", a second ", checks.stream().map(DuplicateCheck::what).toList()))
          .removeTwins(checks.stream().map(DuplicateCheck::of).toList());
    } catch (TemporalFailure failure) {
      return List.of();
    }
  }

  private static @Nullable Duration answered(
      DuplicateCheck check, DuplicatesAnswer answer, List<String> messages) {
    DuplicatesRemoved settled = answer.settled();
    if (settled != null) {
      messages.addAll(settled.removed());
      return mayCome(check, settled);
    }
    String why = answer.why();
    if (why == null) {
      return ask(check, messages);
    }
    messages.add(unknown(check, why));
    return null;
  }

  private static @Nullable Duration mayCome(DuplicateCheck check, DuplicatesRemoved settled) {
    return settled.mayCome() == null ? check.mayCome() : settled.mayCome();
  }

  private static String unknown(DuplicateCheck check, String why) {
    return "whether there is a second "
        + check.what()
        + " in workspace "
        + check.workspace()
        + " is unknown; if there is one, nothing uses it: "
        + why;
  }

  /** How long a duplicate may still appear, null if none may or nobody knows. */
  private static @Nullable Duration ask(DuplicateCheck check, List<String> messages) {
    try {
      DuplicatesRemoved settled = check.ask();
      messages.addAll(settled.removed());
      return mayCome(check, settled);
    } catch (TemporalFailure failure) {
      messages.add(unknown(check, Failures.line(failure)));
      return null;
    }
  }
}
