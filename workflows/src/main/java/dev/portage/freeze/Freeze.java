package dev.portage.freeze;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonInclude;
import dev.portage.registry.ModelName;
import dev.portage.text.Bounded;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import org.jspecify.annotations.Nullable;

/**
 * A time in which nothing goes live in a workspace, or no version of one model: then it is held
 * until a person ends the hold. Read for years: fields are only ever added.
 *
 * @param id unique within the workspace
 * @param workspace where
 * @param from when it begins
 * @param until when it ends by itself
 * @param by who ordered it; for one of the platform file, its place there, such as
 *     "portage.yaml:31"
 * @param reason why
 * @param at when it was ordered; null for one of the platform file
 * @param lifted who ended it early, null if nobody did
 * @param model full name of the registered model that is held; null for the whole workspace
 * @param name what it is called in {@code promotion.yaml}; null for the whole workspace
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record Freeze(
    String id,
    String workspace,
    Instant from,
    Instant until,
    String by,
    String reason,
    @Nullable Instant at,
    @Nullable Lifted lifted,
    @Nullable String model,
    @Nullable String name) {

  /** Nobody waits that long, and every timer holds it. */
  private static final Duration UNTIL_LET_GO = Duration.ofDays(36_500);

  public Freeze {
    by = Bounded.line(by, Bounded.PERSON);
    reason = Bounded.line(reason, Bounded.LINE);
  }

  /** One of the whole workspace. */
  public Freeze(
      String id,
      String workspace,
      Instant from,
      Instant until,
      String by,
      String reason,
      @Nullable Instant at,
      @Nullable Lifted lifted) {
    this(id, workspace, from, until, by, reason, at, lifted, null, null);
  }

  /** Promotions of a model are held from now on, until a person ends the hold. */
  public static Freeze held(HoldOrder order) {
    Freeze ofAll =
        new Freeze(
            order.id(),
            order.workspace(),
            order.at(),
            order.at().plus(UNTIL_LET_GO),
            order.by(),
            order.reason(),
            order.at(),
            null);
    return new Builder(ofAll).ofModel(order.model(), order.name()).build();
  }

  /**
   * The early end of a freeze.
   *
   * @param by who ended it
   * @param reason why
   * @param at when
   */
  public record Lifted(String by, String reason, Instant at) {
    public Lifted {
      by = Bounded.line(by, Bounded.PERSON);
      reason = Bounded.line(reason, Bounded.LINE);
    }
  }

  /** Whether nothing goes live at that time. */
  public boolean holdsAt(Instant time) {
    return lifted == null && !time.isBefore(from) && time.isBefore(until);
  }

  /** Whether promotions of that model are held by it, or those of all. */
  public boolean concerns(String registered) {
    return model == null || model.equals(registered);
  }

  /** Whether it holds promotions of one model alone. */
  @JsonIgnore
  public boolean isOfModel() {
    return model != null;
  }

  /** Whether it ends early, once that is recorded. */
  public boolean isOverAt(Instant time) {
    return lifted != null || !time.isBefore(until);
  }

  /** The same, ended early. */
  public Freeze liftedBy(Lifted end) {
    return new Builder(this).lifted(end).build();
  }

  /** Whether it stands in the platform file, where alone it can be ended. */
  public boolean isOfPlatformFile() {
    return at == null;
  }

  /**
   * One line: "prod is frozen until … by ana@example.com: end of the quarter"; of a model
   * "promotions of churn to prod are held since … by …: …".
   */
  public String text() {
    if (model != null) {
      return "promotions of "
          + named()
          + " to "
          + workspace
          + " are held since "
          + from.truncatedTo(ChronoUnit.SECONDS)
          + " by "
          + by
          + ": "
          + reason;
    }
    return workspace + " is frozen until " + until + " by " + by + ": " + reason;
  }

  /** What people call what it is about: the model, or the workspace. */
  private String named() {
    return name == null ? String.valueOf(model) : name;
  }

  /**
   * The command that ends the hold on a model. It says that a model is meant, since a workspace may
   * have the same name.
   *
   * @param model as commands take it: see {@link ModelName#typed}
   */
  public static String letGo(String model) {
    return "portage unfreeze --model " + model + " --reason TEXT";
  }

  /** How it ends before its time, as a sentence for people. */
  public String remedy() {
    if (model != null) {
      return "To end it: " + letGo(name == null ? model : ModelName.typed(name, model));
    }
    return isOfPlatformFile()
        ? "To end it, remove its entry at " + by + "; workers read the file anew."
        : "To end it: portage unfreeze " + workspace + " --reason TEXT";
  }

  /** Changes parts of one. */
  private static final class Builder {
    private final Freeze from;
    private @Nullable Lifted lifted;
    private @Nullable String model;
    private @Nullable String name;

    private Builder(Freeze from) {
      this.from = from;
      this.lifted = from.lifted;
      this.model = from.model;
      this.name = from.name;
    }

    Builder lifted(Lifted end) {
      lifted = end;
      return this;
    }

    Builder ofModel(String registered, String called) {
      model = registered;
      name = called;
      return this;
    }

    Freeze build() {
      return new Freeze(
          from.id,
          from.workspace,
          from.from,
          from.until,
          from.by,
          from.reason,
          from.at,
          lifted,
          model,
          name);
    }
  }
}
