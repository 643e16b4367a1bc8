package dev.portage.trigger;

import dev.portage.text.Bounded;
import java.util.Collection;
import org.jspecify.annotations.Nullable;

/**
 * Something that starts by itself when a promotion changes a registered model. What several changes
 * start is several of these.
 *
 * @param kind what starts
 * @param id its id in the workspace: of the job, or of the webhook
 * @param name its name, by which the platform file may allow it; null where it has none, or where
 *     the login may not read it
 * @param event what starts it
 * @param allowed whether the platform file allows it to start
 */
public record Trigger(Kind kind, String id, @Nullable String name, Event event, Boolean allowed) {

  /** One that nobody has allowed. */
  public Trigger(Kind kind, String id, @Nullable String name, Event event) {
    this(kind, id, name, event, false);
  }

  public Trigger {
    id = Bounded.line(id, Bounded.NAME);
    name = name == null ? null : Bounded.line(name, Bounded.NAME);
  }

  /**
   * Whether it starts the same for the same reason, whatever it is called and whoever allows it.
   */
  boolean isSameAs(Trigger other) {
    return kind == other.kind && id.equals(other.id) && event == other.event;
  }

  /** What starts. */
  public enum Kind {
    /** A job with a model update trigger. */
    JOB("job"),
    /** The deployment job of the registered model. */
    DEPLOYMENT_JOB("deployment job"),
    /** A webhook of the registry, which starts a job or calls an address. */
    WEBHOOK("webhook");

    private final String word;

    Kind(String word) {
      this.word = word;
    }

    /** As a sentence has it. */
    public String word() {
      return word;
    }
  }

  /** What a promotion does that starts it. */
  public enum Event {
    /** The registered model is created. */
    MODEL("is created", "register", "register"),
    /** A version is registered. */
    VERSION("gets a version", "register", "register"),
    /** Tags are set on a version. */
    TAG("gets tags on a version", "register", "register"),
    /** A version is marked as being on its way, in the first workspace alone. */
    CANDIDATE("gets another candidate", "mark", "mark"),
    /** The champion moves: an alias is set, or a stage. */
    CHAMPION("gets another champion", "champion", "close");

    private final String words;
    private final String step;
    private final String originStep;

    Event(String words, String step, String originStep) {
      this.words = words;
      this.step = step;
      this.originStep = originStep;
    }

    /** After the model's name. */
    public String words() {
      return words;
    }

    /** Name of the step of a hop that causes it in the target. */
    public String step() {
      return step;
    }

    /** Name of the step that causes it in the first workspace. */
    public String originStep() {
      return originStep;
    }
  }

  /** As a sentence has it: {@code job nightly-report (77)}. */
  public String named() {
    return kind.word() + " " + (name == null ? id : name + " (" + id + ")");
  }

  /** The same, allowed if it is one of these names or ids. */
  public Trigger allowedBy(Collection<String> namesOrIds) {
    return new Trigger(
        kind,
        id,
        name,
        event,
        namesOrIds.contains(id) || (name != null && namesOrIds.contains(name)));
  }
}
