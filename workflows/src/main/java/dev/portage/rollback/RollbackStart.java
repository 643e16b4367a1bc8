package dev.portage.rollback;

import com.fasterxml.jackson.annotation.JsonInclude;
import org.jspecify.annotations.Nullable;

/**
 * Order to go back to an earlier release. People write it by hand in the Web UI, so every field may
 * be missing here; {@link RollbackInput} says what is wrong with one.
 *
 * @param model full name of the registered model, or what {@code {model}} stands for
 * @param workspace where; null for the last one of the path
 * @param to version to go back to; null for the newest release before the live one that no rollback
 *     has left
 * @param reason why, for the record
 * @param by who orders it
 * @param dryRun whether only to say what it would do; null for no
 * @param expected what was live, and what would be, when somebody agreed to it; null if nobody was
 *     shown a plan
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record RollbackStart(
    @Nullable String model,
    @Nullable String workspace,
    @Nullable String to,
    @Nullable String reason,
    @Nullable String by,
    @Nullable Boolean dryRun,
    @Nullable Expected expected) {

  /**
   * What someone was shown and agreed to.
   *
   * @param from version that was live, null for none
   * @param to version that would be
   * @param registered full name of the registered model whose versions these are; null from a
   *     writer that did not say
   */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  public record Expected(@Nullable String from, String to, @Nullable String registered) {}

  /** Whether only to say what it would do. */
  public boolean isDry() {
    return Boolean.TRUE.equals(dryRun);
  }

  /** The same, by a version that was agreed to. */
  public RollbackStart agreedTo(Expected agreed) {
    return new RollbackStart(model, workspace, agreed.to(), reason, by, false, agreed);
  }

  /** The same with whatever {@code workspace} and {@code model} stand for spelled out. */
  RollbackStart of(RollbackSettings settings) {
    return new RollbackStart(
        settings.model(), settings.target().workspace(), to, reason, by, dryRun, expected);
  }
}
