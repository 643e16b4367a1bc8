package dev.portage.localworkspace.pools;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.portage.localworkspace.protocol.Json;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The runtimes on offer: the long-term-support versions, with and without the ML libraries, one of
 * them for GPUs, and one that is not long-term.
 */
final class Runtimes {
  private static final Map<String, String> NAMES = names();

  private Runtimes() {}

  /** Whether clusters can run that version, named itself or by a word that moves. */
  static boolean has(String key) {
    return NAMES.containsKey(resolve(key));
  }

  /** What a word as {@code auto:latest-lts-ml} means now; any other key as it is. */
  static String resolve(String key) {
    return switch (key) {
      case "auto:latest-lts-ml", "auto:latest-ml" -> "17.3.x-cpu-ml-scala2.13";
      case "auto:latest-lts", "auto:latest" -> "17.3.x-scala2.13";
      default -> key;
    };
  }

  /** The answer to {@code clusters/spark-versions}. */
  static ObjectNode json() {
    ObjectNode answer = Json.object();
    ArrayNode versions = answer.putArray("versions");
    NAMES.forEach((key, name) -> versions.addObject().put("key", key).put("name", name));
    return answer;
  }

  private static Map<String, String> names() {
    Map<String, String> names = new LinkedHashMap<>();
    names.put("17.3.x-cpu-ml-scala2.13", "17.3 LTS ML (includes Apache Spark 4.0.0, Scala 2.13)");
    names.put(
        "17.3.x-gpu-ml-scala2.13", "17.3 LTS ML (includes Apache Spark 4.0.0, GPU, Scala 2.13)");
    names.put("17.3.x-scala2.13", "17.3 LTS (includes Apache Spark 4.0.0, Scala 2.13)");
    names.put("17.2.x-cpu-ml-scala2.13", "17.2 ML (includes Apache Spark 4.0.0, Scala 2.13)");
    names.put("16.4.x-cpu-ml-scala2.12", "16.4 LTS ML (includes Apache Spark 3.5.2, Scala 2.12)");
    names.put(
        "16.4.x-gpu-ml-scala2.12", "16.4 LTS ML (includes Apache Spark 3.5.2, GPU, Scala 2.12)");
    names.put("16.4.x-scala2.12", "16.4 LTS (includes Apache Spark 3.5.2, Scala 2.12)");
    names.put("15.4.x-cpu-ml-scala2.12", "15.4 LTS ML (includes Apache Spark 3.5.0, Scala 2.12)");
    names.put("15.4.x-scala2.12", "15.4 LTS (includes Apache Spark 3.5.0, Scala 2.12)");
    names.put("14.3.x-cpu-ml-scala2.12", "14.3 LTS ML (includes Apache Spark 3.5.0, Scala 2.12)");
    names.put("14.3.x-scala2.12", "14.3 LTS (includes Apache Spark 3.5.0, Scala 2.12)");
    return names;
  }
}
