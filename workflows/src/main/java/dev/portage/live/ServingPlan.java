package dev.portage.live;

import com.fasterxml.jackson.databind.JsonNode;
import dev.portage.plan.Planner;
import dev.portage.serving.Testable;
import dev.portage.settings.ServeCase;
import dev.portage.settings.ServeSettings;
import dev.portage.settings.ServeWatch;
import dev.portage.settings.WrittenDuration;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;

/**
 * What people read of serving before they approve: the steps of the traffic, what they cost, the
 * watch that follows, the limits, and what the version is tested by. Pure.
 *
 * @param serve settings of the file
 * @param now the endpoint as it is
 * @param testable what the model can be tested by; null if that is unknown
 */
record ServingPlan(ServeSettings serve, LiveState now, @Nullable Testable testable) {

  /** So many cases are named. */
  private static final int NAMED = 3;

  /** The second half of the action 'now → then'. */
  String then() {
    return (now.present() ? steps() + "; " + cost() : created())
        + watched()
        + "; limits: "
        + serve.limits().text()
        + tested();
  }

  private String created() {
    return "is created, of size "
        + serve.size().written()
        + ", and serves "
        + Planner.NEW_VERSION
        + ": no other version gets traffic, so there are no steps; a smoke test, then a soak of "
        + WrittenDuration.text(serve.soak())
        + "; cost: 1 version runs, "
        + (serve.scaleToZero() ? "and is stopped while no requests come" : "all the time");
  }

  private String steps() {
    return "serves "
        + Planner.NEW_VERSION
        + ", of size "
        + serve.size().written()
        + ": 0 %, a smoke test, then "
        + serve.steps().stream().map(String::valueOf).collect(Collectors.joining(", "))
        + " % of the traffic for "
        + WrittenDuration.text(serve.soak())
        + " each"
        + (serve.limits().minRequests() == null
            ? ""
            : ", at most " + WrittenDuration.text(serve.longestSoak()) + " each");
  }

  /** How many versions run, and for how long. */
  private String cost() {
    int together = Endpoints.live(now).served().size() + 1;
    return "cost: "
        + together
        + " versions"
        + (serve.keep() == 0 ? "" : ", and at most " + serve.keep() + " kept before,")
        + " run side by side for "
        + WrittenDuration.text(serve.sideBySide())
        + (serve.limits().minRequests() == null
            ? ""
            : ", at most "
                + WrittenDuration.text(serve.longestSoak().multipliedBy(serve.steps().size()))
                + ",")
        + " and the start of the new one, at most "
        + WrittenDuration.text(serve.timeout())
        + "; then "
        + afterwards();
  }

  private String afterwards() {
    return switch (serve.keep()) {
      case 0 -> "the new one alone";
      case 1 -> "the new one, and 1 old version at 0 %" + atRest();
      default -> "the new one, and at most " + serve.keep() + " old versions at 0 %" + atRest();
    };
  }

  private String atRest() {
    return serve.scaleToZero() ? ", stopped while no requests come" : ", running";
  }

  /** Whoever approves the plan approves the automatic rollback, too. */
  private String watched() {
    ServeWatch watch = serve.watch();
    if (watch == null) {
      return "; not watched after that";
    }
    return "; then watched for "
        + watch.text()
        + (now.present()
            ? ": if a limit is broken twice in a row, the version is rolled back automatically, and"
                + " promotions of the model are held until someone ends the hold"
            : ": if a limit is broken twice in a row, promotions of the model are held until someone"
                + " ends the hold; the version is rolled back automatically only if an earlier"
                + " release is recorded that this endpoint served")
        + (serve.scaleToZero()
            ? "; the watch's requests keep the new version running, but the one before it stops, so"
                + " going back has to start it"
            : "");
  }

  private String tested() {
    int cases = serve.cases().size();
    String theCases = cases == 1 ? "1 case" : cases + " cases";
    if (testable == null) {
      return "; tested by its input example, if it has one"
          + (cases == 0 ? "" : ", and " + theCases);
    }
    String signature =
        testable.signature()
            ? ""
            : "; the model has no signature, so the endpoint checks no types of requests";
    String more = signature + hopeless(testable);
    if (testable.example()) {
      return "; tested by its input example" + (cases == 0 ? "" : " and " + theCases) + more;
    }
    return (cases > 0
            ? "; the model has no input example, so it is tested by " + theCases + " alone"
            : "; NOT TESTED by any request: the model has no input example, and the file has no"
                + " cases")
        + more;
  }

  /** Cases that can't pass, which nobody should learn only after the approval. */
  private String hopeless(Testable known) {
    if (!Boolean.TRUE.equals(known.numbers())) {
      return "";
    }
    List<String> names =
        serve.cases().stream()
            .filter(one -> one.answer() != null && hasText(one.answer().path("predictions")))
            .map(ServeCase::name)
            .toList();
    return names.isEmpty()
        ? ""
        : "; THE SMOKE TEST WILL FAIL: the model's signature says that it answers numbers, but text"
            + " is expected by "
            + names.stream().limit(NAMED).collect(Collectors.joining(", "))
            + (names.size() > NAMED ? " and " + (names.size() - NAMED) + " more" : "")
            + " of serve.cases";
  }

  private static boolean hasText(JsonNode answer) {
    return answer.isTextual()
        || StreamSupport.stream(answer.spliterator(), false).anyMatch(ServingPlan::hasText);
  }
}
