package dev.portage.step;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.portage.temporal.Payloads;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The results of finished steps, and what unfinished ones must not forget. Another run of the
 * workflow goes through the same code, and takes what is recorded here instead of doing it again.
 *
 * <p>Within a run it is memory that replay restores; it is written when the workflow continues in
 * another run. So it may only hold what follows from the workflow's history: results of activities
 * and what was computed from them.
 */
public final class Journal {

  private final Map<String, JsonNode> before;
  private final Map<String, Object> results = new HashMap<>();
  private final Map<String, Supplier<? extends @Nullable Object>> kept = new HashMap<>();

  /**
   * @param before what the run before has written; null for a first run
   */
  public Journal(@Nullable StepsState before) {
    this.before = before == null ? new HashMap<>() : new HashMap<>(before.results());
  }

  /** What is noted under a key. */
  public <T> Optional<T> find(String key, Class<T> type) {
    Object known = results.get(key);
    if (known != null) {
      return Optional.of(type.cast(known));
    }
    JsonNode written = before.get(key);
    return written == null ? Optional.empty() : Optional.of(read(key, written, type));
  }

  /** Whether anything is noted under a key. */
  public boolean has(String key) {
    return results.containsKey(key) || before.containsKey(key);
  }

  /** Notes a result, over what was noted before. */
  public void put(String key, Object result) {
    results.put(key, result);
  }

  /** What was noted does not hold any more. */
  public void forget(String key) {
    before.remove(key);
    results.remove(key);
  }

  /** The same for everything whose key begins so. */
  void forgetAll(String beginning) {
    before.keySet().removeIf(key -> key.startsWith(beginning));
    results.keySet().removeIf(key -> key.startsWith(beginning));
  }

  /** Registers a source of changing state: it is read when the journal is written. */
  public void keep(String key, Supplier<? extends @Nullable Object> what) {
    before.remove(key);
    kept.put(key, what);
  }

  /** All of it, for the next run. */
  Map<String, JsonNode> written() {
    Map<String, JsonNode> all = new TreeMap<>(before);
    results.forEach((key, result) -> all.put(key, Json.MAPPER.valueToTree(result)));
    kept.forEach((key, what) -> {
      Object now = what.get();
      if (now != null) {
        all.put(key, Json.MAPPER.valueToTree(now));
      }
    });
    return all;
  }

  private static <T> T read(String key, JsonNode written, Class<T> type) {
    try {
      return Json.MAPPER.treeToValue(written, type);
    } catch (JsonProcessingException e) {
      // The workflow task fails and is retried, so that a fixed release can continue.
      throw new IllegalStateException("the journal's " + key + " can't be read", e);
    }
  }

  /** Made when it is first needed: most promotions end in their first run. */
  private static final class Json {
    private static final ObjectMapper MAPPER = Payloads.mapper();
  }
}
