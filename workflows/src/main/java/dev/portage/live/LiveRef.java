package dev.portage.live;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.databind.JsonNode;
import dev.portage.registry.Marking;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * How a live thing is found.
 *
 * @param thing its name, such as "batch"
 * @param workspace where it is
 * @param model full name of the registered model there
 * @param marking how its registry marks the champion
 * @param holder id of the workflow that asks: what that has created itself is told apart; null for
 *     none
 * @param values what its class needs to find it, such as the name of a job; the values of a
 *     recorded {@link LiveState} serve as well
 * @param planned what would be made of it, as its class writes it, where the settings that change
 *     are asked for; else null
 */
public record LiveRef(
    String thing,
    String workspace,
    String model,
    Marking marking,
    @Nullable String holder,
    Map<String, String> values,
    @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable JsonNode planned) {

  public LiveRef {
    values = Map.copyOf(values);
  }

  /** One of its values, null where there is none of that name. */
  public @Nullable String value(String name) {
    return values.get(name);
  }

  /** The same, found by other values, as those of a recorded state. */
  public LiveRef by(Map<String, String> others) {
    return new LiveRef(thing, workspace, model, marking, holder, others, planned);
  }

  /** The same, asking also what making that of it would change. */
  public LiveRef planning(@Nullable JsonNode order) {
    return new LiveRef(thing, workspace, model, marking, holder, values, order);
  }
}
