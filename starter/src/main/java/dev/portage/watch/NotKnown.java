package dev.portage.watch;

import dev.portage.connection.TemporalConnection;
import dev.portage.document.Nearest;
import io.grpc.StatusRuntimeException;
import io.temporal.client.WorkflowException;
import java.util.Comparator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.function.Supplier;

/** What is said of an id or a model that nothing is known of: what is known instead. */
public final class NotKnown {

  /** Ids that are named. */
  private static final int SHOWN = 3;

  /** Models that are named. */
  private static final int MODELS = 10;

  private static final List<String> KINDS = List.of("promotion", "rollback", "adopt", "watch");

  private NotKnown() {}

  /** An id that Temporal has nothing by. */
  public static NoSuchElementException id(TemporalConnection connection, String id) {
    return new NoSuchElementException(
        text(id, listed(() -> new PromotionList(connection).ids(kind(id)))));
  }

  /**
   * That no promotion of a model is known, and those of which models are; empty if one is, and
   * where none is listed.
   */
  public static Optional<String> model(TemporalConnection connection, String model) {
    return model(model, listed(() -> new PromotionList(connection).models()));
  }

  static Optional<String> model(String model, List<String> known) {
    if (known.isEmpty() || known.stream().anyMatch(model::equalsIgnoreCase)) {
      return Optional.empty();
    }
    String question = Nearest.question(model, known);
    return Optional.of(
        "no promotion of "
            + model
            + " is known here; "
            + (question == null ? "" : question + " ")
            + "known models: "
            + String.join(", ", known.subList(0, Math.min(MODELS, known.size())))
            + (known.size() > MODELS ? " and " + (known.size() - MODELS) + " more" : ""));
  }

  /**
   * What is said of an id.
   *
   * @param known ids of its kind, newest first
   */
  static String text(String id, List<String> known) {
    List<String> nearest =
        known.stream()
            .sorted(Comparator.comparingInt((String one) -> alike(one, id)).reversed())
            .limit(SHOWN)
            .toList();
    return id
        + " does not exist; "
        + misspelled(id).map(other -> "did you mean " + other + "? ").orElse("")
        + (nearest.isEmpty() ? "" : "the nearest: " + String.join(", ", nearest) + "; ")
        + (kind(id).equals("adopt") ? "list what was adopted with: portage history MODEL" : LIST);
  }

  private static final String LIST = "list promotions with: portage list";

  private static String kind(String id) {
    String first = id.substring(0, Math.max(0, id.indexOf('/')));
    return KINDS.contains(first) ? first : KINDS.getFirst();
  }

  /** {@code promotion/rollbak/prod/churn/1}, which began with the name of another kind. */
  private static Optional<String> misspelled(String id) {
    String[] parts = id.split("/", -1);
    return parts.length < 4 || !parts[0].equals(KINDS.getFirst())
        ? Optional.empty()
        : Nearest.find(parts[1], KINDS.subList(1, KINDS.size()))
            .filter(kind -> !kind.equals(parts[1]))
            .map(kind -> kind + id.substring(parts[0].length() + 1 + parts[1].length()));
  }

  /** How long the beginning is that two have in common. */
  private static int alike(String one, String other) {
    int at = 0;
    while (at < Math.min(one.length(), other.length()) && one.charAt(at) == other.charAt(at)) {
      at++;
    }
    return at;
  }

  /** Some servers have no list, and an answer without one is better than none. */
  private static List<String> listed(Supplier<List<String>> list) {
    try {
      return list.get();
    } catch (WorkflowException | StatusRuntimeException _) {
      return List.of();
    }
  }
}
