package dev.portage.adopt;

import dev.portage.text.Markdown;
import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Order to record what is live in a workspace as its first release.
 *
 * @param model full name of the registered model, or what {@code {model}} stands for
 * @param workspace where
 * @param version number, alias or stage of the version that is live; null for the champion
 * @param things name or id of each thing that is recorded beside the champion, by the name of the
 *     live thing: "batch" for the job that scores with it, "serve" for the endpoint that serves it;
 *     null for none
 * @param dryRun whether only to say what would be recorded; null for no
 * @param startedBy who wants it
 * @param as the model's name in {@code promotion.yaml}, by which its promotions find what is
 *     recorded beside the champion; null where the registered model bears the same
 */
public record AdoptStart(
    String model,
    String workspace,
    @Nullable String version,
    @Nullable Map<String, String> things,
    @Nullable Boolean dryRun,
    String startedBy,
    @Nullable String as) {

  public AdoptStart {
    // Sorted, so that it is written the same in each history.
    things = things == null ? null : Collections.unmodifiableMap(new TreeMap<>(things));
  }

  /** An order for a model that is registered by its name in {@code promotion.yaml}. */
  public AdoptStart(
      String model,
      String workspace,
      @Nullable String version,
      @Nullable Map<String, String> things,
      @Nullable Boolean dryRun,
      String startedBy) {
    this(model, workspace, version, things, dryRun, startedBy, null);
  }

  /** What workflow ids of adoptions begin with. */
  public static final String ADOPTIONS = "adopt/";

  /** Whether an id is that of an adoption. */
  public static boolean isId(String typed) {
    return typed.startsWith(ADOPTIONS);
  }

  /**
   * The start of an adoption as its id names it.
   *
   * @param id one for which {@link #isId} holds
   */
  public static AdoptStart named(String id, String startedBy) {
    String[] parts = id.split("/", 3);
    return new AdoptStart(
        parts.length < 3 ? id : parts[2],
        parts.length < 2 ? "" : parts[1],
        null,
        null,
        null,
        startedBy);
  }

  /** What is recorded beside the champion; empty for nothing. */
  public Map<String, String> beside() {
    return things == null ? Map.of() : things;
  }

  /**
   * The model's name in the tags of what is recorded beside the champion.
   *
   * @param named what {@code {model}} stands for
   */
  String inTags(String named) {
    return as == null ? named : as;
  }

  /** Whether only to say what would be recorded. */
  public boolean isDry() {
    return Boolean.TRUE.equals(dryRun);
  }

  /** Its workflow id: there is one adoption of a model and workspace at a time. */
  public String workflowId() {
    String id = ADOPTIONS + workspace + "/" + model;
    return isDry() ? "preflight/" + id : id;
  }

  /** What the Web UI shows of the workflow, in one line of Markdown. */
  public String summary() {
    return Markdown.summary(
        (isDry() ? "what would be recorded of " : "adopt ") + model + " in " + workspace);
  }

  /** The adoption of exactly what a dry run has found. */
  public AdoptStart of(AdoptPlan plan) {
    return new AdoptStart(plan.name(), workspace, plan.version(), things, null, startedBy, as);
  }
}
