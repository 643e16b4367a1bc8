package dev.portage.temporal;

import dev.portage.promotion.PromotionState;
import dev.portage.text.Bounded;
import io.temporal.common.SearchAttributeKey;
import java.util.List;

/**
 * The search attributes of promotions in Temporal. The namespace must define them; see {@code
 * portage doctor}.
 */
public final class PromotionAttributes {
  /** Name of the model. */
  public static final SearchAttributeKey<String> MODEL =
      SearchAttributeKey.forKeyword("PortageModel");

  /** First 12 digits of the commit. */
  public static final SearchAttributeKey<String> COMMIT =
      SearchAttributeKey.forKeyword("PortageCommit");

  /** A {@link PromotionState}. */
  public static final SearchAttributeKey<String> STATE =
      SearchAttributeKey.forKeyword("PortageState");

  /** Name of the current step. */
  public static final SearchAttributeKey<String> STEP =
      SearchAttributeKey.forKeyword("PortageStep");

  /** Who started it. */
  public static final SearchAttributeKey<String> STARTED_BY =
      SearchAttributeKey.forKeyword("PortageStartedBy");

  private PromotionAttributes() {}

  /** A text as the value of one: Temporal refuses longer ones, and whole starts with them. */
  public static String keyword(String text) {
    return Bounded.line(text, Bounded.KEYWORD);
  }

  /** The search attributes of workflows other than promotions. */
  public static io.temporal.common.SearchAttributes of(String model, String startedBy) {
    return io.temporal.common.SearchAttributes.newBuilder()
        .set(MODEL, keyword(model))
        .set(STARTED_BY, keyword(startedBy))
        .build();
  }

  /** Names of all, each of type Keyword. */
  public static List<String> names() {
    return List.of(
        MODEL.getName(), COMMIT.getName(), STATE.getName(), STEP.getName(), STARTED_BY.getName());
  }
}
