package dev.portage.localworkspace.conformance;

import java.util.Map;
import java.util.function.Function;

/**
 * One thing that a workspace must do.
 *
 * @param name in words
 * @param needs what the tester must provide
 * @param expected the expected observations, by name
 * @param look does it and returns what was observed
 */
record Probe(
    String name,
    Needs needs,
    Map<String, String> expected,
    Function<WorkspaceUnderTest, Map<String, String>> look) {

  enum Needs {
    NOTHING,
    CODE,
    WAREHOUSE,
    SCHEMA,
    VOLUME;

    boolean areMetBy(WorkspaceUnderTest workspace) {
      return switch (this) {
        case NOTHING -> true;
        case CODE -> workspace.code() != null;
        case WAREHOUSE -> workspace.warehouse() != null;
        case SCHEMA -> workspace.schema() != null;
        case VOLUME -> workspace.volume() != null;
      };
    }
  }
}
